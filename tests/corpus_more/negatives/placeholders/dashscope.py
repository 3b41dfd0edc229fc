dashscope.api_key = "sk-xxx"
client = OpenAI(api_key="sk-your-key", base_url="https://dashscope.aliyuncs.com/compatible-mode/v1")
os.environ["DASHSCOPE_API_KEY"] = "sk-..."
BAILIAN_KEY = "sk-********************************"
QWEN_KEY = "sk-«~an:0»xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
ZERO = "sk-«~an:0»00000000000000000000000000000000"
