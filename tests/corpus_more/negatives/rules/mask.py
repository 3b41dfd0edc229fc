def mask(ak: str) -> str:
    return ak[:6] + '*' * 14 + ak[-4:] if ak.startswith('LTAI') else '******'

SECRET = re.compile(r'(accessKeySecret["\']?\s*[:=]\s*["\']?)[A-Za-z0-9]{30}')
logger.info('accessKeyId=%s accessKeySecret=%s', mask(ak), '***')
