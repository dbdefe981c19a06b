package simulator

// People returns the demo's customers, who cover the difficult cases of numbers and ids.
func People() []Person {
	return []Person{
		{Name: "Giulia Marchetti", Digits: "393331112222", UserID: "IT.5120934411", Username: "giulia.m"},
		// The old spelling, without the ninth digit.
		{Name: "João Batista Lima", Digits: "551187654321", UserID: "BR.7781200345"},
		{Name: "ليلى حدّاد", Digits: "201001234567", UserID: "EG.6650012398"},
		{Name: "Noor", UserID: "NL.9034417720", Username: "noor.draws"}, // hides the number
		{Name: "Martín Quiroga", Digits: "5491123456789", UserID: "AR.3345001276"},
		{Name: "Tomás Ibarra", Digits: "5215512345678", UserID: "MX.8810023467"},
	}
}
