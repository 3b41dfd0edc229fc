import dashscope

dashscope.api_key = '«dash»'  # TODO move to the vault
resp = dashscope.TextEmbedding.call(model='text-embedding-v3', input='demo')
