req.Header.Set("x-acs-security-token", "«ststok»")
