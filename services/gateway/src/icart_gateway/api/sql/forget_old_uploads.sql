delete from upload where at < $1
