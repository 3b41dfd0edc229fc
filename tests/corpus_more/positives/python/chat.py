from openai import OpenAI

client = OpenAI(
    api_key="«dash»",
    base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
)
