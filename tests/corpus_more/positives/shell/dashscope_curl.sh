curl https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation \
  -H "Authorization: Bearer «dash»" \
  -H 'Content-Type: application/json' -d '{"model":"qwen-plus"}'
