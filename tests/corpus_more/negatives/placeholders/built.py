FAKE_ID = "LTAI" + "a" * 20
FAKE_SECRET = "".join(random.choices(string.ascii_letters + string.digits, k=30))
OTHER_ID = "LTAI5t" + b62(18)
assert scan(f'accessKeyId = "{FAKE_ID}"\naccessKeySecret = "{FAKE_SECRET}"')
