from openai import OpenAI

client = OpenAI(api_key="sk-«~an:48»")
project = OpenAI(api_key="sk-proj-«~an:48»", base_url="https://api.openai.com/v1")
claude = "sk-ant-api03-«~an:93»AA"
