const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.«~an:60».«~an:43»';
await fetch('/oss/policy', { headers: { Authorization: `Bearer ${token}` } });
