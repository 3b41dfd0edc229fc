keyPat = regexp.MustCompile(`\b([a-zA-Z0-9]{30})\b`)
idPat  = regexp.MustCompile(`\b(LTAI[a-zA-Z0-9]{17,21})[\"' ;\s]*`)
