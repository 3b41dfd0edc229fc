import os

os.environ.setdefault("ALIBABA_CLOUD_ACCESS_KEY_ID", "«id»")
os.environ.setdefault("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "«sec»")
