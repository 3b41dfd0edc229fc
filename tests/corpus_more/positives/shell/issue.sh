export Ali_Key="«id»"
export Ali_Secret="«sec»"
acme.sh --issue --dns dns_ali -d example.com -d '*.example.com'
