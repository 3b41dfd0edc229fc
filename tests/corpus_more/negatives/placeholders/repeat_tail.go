var fakes = map[string]string{
	"id":     "LTAIP00«~an:0»vvvvvvvvv",
	"secret": "s00vvvvvvvvvvvvvvvvvvvvvvvvvvv",
	"id2":    "LTAI5t" + strings.Repeat("9Z", 9),
}
