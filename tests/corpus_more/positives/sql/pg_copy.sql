COPY public.oss_account (id, name, access_id, access_secret) FROM stdin;
1	demo	«id:a»	«sec:a»
2	备份	«id16:b»	«sec:b»
\.
