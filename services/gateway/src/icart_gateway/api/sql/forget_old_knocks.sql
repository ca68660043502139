delete from knock where made_at < $1
