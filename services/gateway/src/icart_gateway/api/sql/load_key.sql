select pem from api_key
