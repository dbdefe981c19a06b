package demo

// line is one message, from the customer or from us.
type line struct {
	us   bool
	text string
	wait int // seconds after the previous line
}

func c(wait int, text string) line { return line{text: text, wait: wait} }
func a(wait int, text string) line { return line{us: true, text: text, wait: wait} }

// dialogue is the conversation of a whole session.
type dialogue struct {
	account string   // short code
	from    []string // prefixes of the customers' numbers; empty means everyone but advertisers
	lines   []line
	outcome string // key of a disposition; empty means closed without one
	tags    []string
	note    string
}

var dialogues = []dialogue{
	{account: "AUR", outcome: "sold-package", tags: []string{"family"}, lines: []line{
		c(0, "Good morning! We are two adults and two children, looking for a week by the sea in August 🏖️"),
		c(8, "Puglia or Sardinia, no more than 3500 euro"),
		a(70, "Good morning! Lovely idea. Which airport would you like to leave from?"),
		c(55, "Bologna would be best"),
		a(160, "I have a family hotel near Vieste, half board, 12–19 August, flights from Bologna included: 3 280 euro in all."),
		c(240, "That looks great. Is there a pool for the little ones?"),
		a(45, "Yes, a shallow one with shade, and a mini club from age 3."),
		c(90, "We take it!"),
		a(60, "Wonderful. I am sending you the payment link by email."),
		c(400, "Paid 👍 thank you"),
		a(50, "Thank you, your vouchers are on their way. Have a good trip!"),
	}},
	{account: "AUR", from: []string{"39"}, outcome: "open-offer", tags: []string{"honeymoon"}, lines: []line{
		c(0, "Ciao, ci sposiamo a settembre e cerchiamo un viaggio di nozze in Giappone"),
		a(95, "Ciao e congratulazioni! Quanti giorni avete in mente?"),
		c(40, "Due settimane, Tokyo Kyoto e magari qualche giorno di mare"),
		a(180, "Vi preparo tre proposte con Okinawa per gli ultimi giorni. Entro domani sera le avete per mail."),
		c(30, "Perfetto grazie mille 😍"),
	}},
	{account: "HELP", outcome: "solved-delay", tags: []string{"complaint"},
		note: "Airline confirmed the new departure at 21:40. Hotel informed.", lines: []line{
			c(0, "Our flight to Lisbon is delayed by 4 hours, what about the transfer??"),
			a(40, "I am sorry about that. I'm calling the driver right now."),
			c(20, "ok please hurry"),
			a(260, "Done: the driver tracks your flight number and will wait for you at no extra cost. "+
				"The hotel keeps the room."),
			c(35, "Thank you, that was quick"),
			a(25, "You're welcome. Have a good trip!"),
		}},
	{account: "HELP", outcome: "solved-luggage", lines: []line{
		c(0, "Hello, one suitcase did not arrive in Athens"),
		a(55, "Hello! Did you get a report number at the lost luggage desk?"),
		c(80, "Yes ATHLH48213"),
		a(150, "Thank you. I have registered it with the insurance; you may buy what you need today, "+
			"up to 150 euro per person. Please keep the receipts."),
		c(45, "good to know"),
		c(7200, "They just brought it to the hotel!"),
		a(60, "That's great news. Enjoy Athens!"),
	}},
	{account: "AUR", outcome: "not-price", lines: []line{
		c(0, "How much is a weekend in Paris for two in May?"),
		a(80, "Good afternoon! From 420 euro per person with flights from Milan and a three star hotel near the Marais."),
		c(120, "Too much for us, thanks anyway"),
		a(40, "I understand. In November it starts at 270 euro. Shall I write to you then?"),
		c(30, "Yes please"),
	}},
	{account: "AUR", outcome: "sold-flight", tags: []string{"business"}, lines: []line{
		c(0, "Need MXP to FRA tomorrow early, back same day late"),
		a(30, "06:50 arriving 08:10, back 20:15 arriving 21:30, 312 euro. Shall I book it?"),
		c(12, "book it"),
		a(95, "Booked. The tickets are in your inbox."),
		c(10, "👍"),
	}},
	{account: "HELP", outcome: "refund", tags: []string{"refund", "complaint"},
		note: "Asked the hotel for pictures of the room before we decide.", lines: []line{
			c(0, "This is not the room in the pictures at all. No sea view, it looks out on the car park"),
			c(15, "I want my money back"),
			a(120, "I am very sorry. I'll talk to the hotel right away."),
			a(600, "They can move you to a sea view room tomorrow at noon, and we will refund the first night. "+
				"Is that all right for you?"),
			c(180, "Ok but tomorrow at noon for real"),
			a(45, "You have my word. I'll message you at noon."),
		}},
	{account: "AUR", from: []string{"39"}, outcome: "sold-hotel", tags: []string{"vip"}, lines: []line{
		c(0, "Buongiorno, come l'anno scorso: suite al Grand Hotel, 3-6 giugno"),
		a(35, "Buongiorno! La stessa suite è libera. Confermo?"),
		c(20, "Sì, grazie"),
		a(60, "Fatto, conferma nella posta. A presto!"),
	}},
	{account: "AUR", outcome: "", lines: []line{
		c(0, "Is the office open on Saturday?"),
		a(50, "Yes, from 9 to 13."),
		c(15, "perfect"),
	}},
	{account: "AUR", from: []string{advertiser}, outcome: "spam", lines: []line{
		c(0, "CONGRATULATIONS you have been selected for a gift card"),
	}},
	{account: "HELP", outcome: "solved", lines: []line{
		c(0, "Which documents do we need for Morocco with children?"),
		a(70, "Passports for everyone, valid at least for the length of the stay. "+
			"With only one parent: the signed consent of the other."),
		c(40, "Do you have a form for that?"),
		a(90, "I am sending it to your email address now."),
		c(25, "Received, thank you!"),
	}},
	{account: "AUR", from: []string{"55"}, outcome: "not-dates", tags: []string{"family"}, lines: []line{
		c(0, "Olá! Há lugares para a Sardenha de 1 a 8 de agosto, 5 pessoas?"),
		a(110, "Olá! For these dates everything is full, I am sorry. 22–29 August is free."),
		c(200, "Não podemos nessas datas. Obrigado!"),
	}},
	{account: "HELP", from: []string{"39"}, outcome: "solved", lines: []line{
		c(0, "Buonasera, il transfer dall'aeroporto di Palermo non si vede"),
		a(45, "Buonasera, mi dispiace. Sento subito l'autista."),
		a(110, "È in coda all'uscita dell'autostrada, arriva tra dieci minuti. Furgone bianco, targa che finisce per 482."),
		c(660, "Eccolo, grazie!"),
		a(20, "Buona vacanza!"),
	}},
	{account: "AUR", from: []string{"39"}, outcome: "sold-hotel", tags: []string{"family"}, lines: []line{
		c(0, "Avete ancora un appartamento a Folgaria per la settimana bianca?"),
		c(14, "Siamo in quattro, con il cane 🐶"),
		a(75, "Sì, un trilocale vicino agli impianti, cani ammessi: 890 euro la settimana."),
		c(130, "C'è posto per gli sci?"),
		a(35, "C'è un deposito riscaldato al piano terra."),
		c(60, "Allora lo prendiamo"),
		a(80, "Prenotato. Le mando la conferma per mail."),
	}},
	{account: "AUR", from: []string{"34"}, outcome: "open-offer", lines: []line{
		c(0, "Hola, queremos ir a Roma en el puente de diciembre, dos personas"),
		a(85, "¡Hola! Hay vuelos directos el día 5 por la tarde. ¿Prefieren un hotel en el centro o en Trastevere?"),
		c(50, "En Trastevere, si puede ser con desayuno"),
		a(140, "Les envío dos propuestas por correo hoy mismo."),
		c(25, "Muchas gracias"),
	}},
	{account: "AUR", from: []string{"33"}, outcome: "sold-package", tags: []string{"honeymoon"}, lines: []line{
		c(0, "Bonjour, nous cherchons un voyage en Toscane pour notre anniversaire de mariage"),
		a(90, "Bonjour ! Combien de jours, et plutôt une ville ou la campagne ?"),
		c(65, "Cinq jours à la campagne, avec piscine"),
		a(210, "Une ferme près de Montepulciano, chambre avec terrasse, voiture comprise : 1 140 euros pour deux."),
		c(180, "C'est parfait, on réserve"),
		a(60, "C'est fait. Vous recevez tout par mail."),
	}},
	{account: "HELP", from: []string{"49"}, outcome: "solved", lines: []line{
		c(0, "Hallo, im Hotel weiß man nichts von unserer Buchung"),
		a(30, "Guten Abend, das tut mir leid. Ich rufe dort sofort an, bitte bleiben Sie an der Rezeption."),
		a(150, "Die Buchung lief auf den zweiten Vornamen. Ihr Zimmer ist bereit."),
		c(40, "Stimmt, danke für die schnelle Hilfe"),
	}},
	{account: "HELP", outcome: "solved-delay", lines: []line{
		c(0, "The ferry to Hvar is cancelled because of the wind. What now?"),
		a(50, "I see it too. The next one leaves at 17:30; I have asked for seats. Can you wait in Split?"),
		c(35, "yes we'll find something"),
		a(190, "Seats are confirmed, same booking code. Your host on Hvar knows you will be late."),
		c(70, "You're great, thanks"),
	}},
	{account: "HELP", outcome: "refund", tags: []string{"refund"},
		note: "Guide was ill, operator confirms that the tour did not take place.", lines: []line{
			c(0, "This morning's guided tour did not take place, nobody came"),
			a(65, "I am sorry. I am asking the operator what happened."),
			a(420, "The guide fell ill and they told no one. You get the 78 euro back on your card within five days."),
			c(55, "Fair enough. Is there another tour tomorrow?"),
			a(90, "At 10:00 from the same place. I have booked you on it, free of charge."),
			c(20, "Wonderful 🙏"),
		}},
	{account: "AUR", outcome: "open-offer", tags: []string{"business"}, lines: []line{
		c(0, "Hello, we need a venue for 24 people, two days in spring, with a workshop room"),
		c(25, "No more than two hours from Milan"),
		a(100, "Hello! I have a country house near Lake Orta and a small hotel in Turin in mind. Single rooms for everyone?"),
		c(60, "Single if possible, double is ok"),
		a(240, "You will have two offers with photos by noon tomorrow."),
		c(45, "Perfect, thank you"),
	}},
	{account: "AUR", outcome: "sold-flight", lines: []line{
		c(0, "Can I take my bike on the flight to Bilbao?"),
		a(60, "Yes, in a box of up to 23 kg, 60 euro each way. It must be booked two days in advance."),
		c(45, "please book it for both flights"),
		a(120, "Done. It is in your booking now."),
		c(15, "super"),
	}},
	{account: "AUR", outcome: "not-dates", lines: []line{
		c(0, "Do you still have cabins for the Norway cruise on the 14th?"),
		a(70, "Only inside cabins are left for the 14th. On the 28th there are some with a window."),
		c(150, "We only have time off that week. What a pity!"),
		a(30, "Shall I let you know if someone cancels?"),
		c(20, "Please do"),
	}},
}

// customer is a person who wrote to us.
type customer struct {
	phone, name, first, last string
	list                     string
}

var customers = []customer{
	{"393331112201", "Giulia", "Giulia", "Marini", "travellers"},
	{"393331112202", "Marco B.", "Marco", "Barbieri", "travellers"},
	{"393331112203", "Paolo", "Paolo", "Vitali", "travellers"},
	{"393331112204", "Francesca R", "Francesca", "Romano", "travellers"},
	{"393331112205", "Lorenzo", "Lorenzo", "Galli", "travellers"},
	{"393331112206", "Martina ☀️", "Martina", "Caruso", "travellers"},
	{"393331112207", "Andrea", "Andrea", "Rinaldi", "travellers"},
	{"393331112208", "Sara", "Sara", "Leone", "travellers"},
	{"393331112209", "Matteo D", "Matteo", "De Luca", "travellers"},
	{"393331112210", "Alessia", "Alessia", "Longo", "travellers"},
	{"4915112345601", "Katrin", "Katrin", "Vogel", "travellers"},
	{"4915112345602", "Jens", "Jens", "Albrecht", "travellers"},
	{"447700900101", "Emily Hart", "Emily", "Hart", "travellers"},
	{"447700900102", "Oliver", "Oliver", "Stone", "travellers"},
	{"33612345601", "Camille", "Camille", "Laurent", "travellers"},
	{"33612345602", "Hugo P", "Hugo", "Petit", "travellers"},
	{"5511987650001", "Beatriz Souza", "Beatriz", "Souza", "travellers"},
	{"5511987650002", "Rafael", "Rafael", "Lima", "travellers"},
	{"34612345601", "Lucía", "Lucía", "Navarro", "travellers"},
	{"34612345602", "Diego", "Diego", "Ortega", "travellers"},
	{"201012345601", "يوسف", "Youssef", "Mansour", "travellers"},
	{"972501234501", "נועה", "Noa", "Levi", "travellers"},
	{"919812345601", "Ananya", "Ananya", "Sharma", "travellers"},
	{"81901234501", "さくら", "Sakura", "Tanaka", "travellers"},
	{"390287654301", "Studio Bianchi", "Carla", "Bianchi", "companies"},
	{"390287654302", "Officine Verdi", "Tino", "Verdi", "companies"},
	{"390287654303", "Scuola Manzoni", "Pia", "Manzoni", "companies"},
	{"390287654304", "Coro San Marco", "Gino", "Sala", "companies"},
	{advertiser + "1", "Lucky Days", "", "", ""}, {advertiser + "2", "Best Gifts 🎁", "", "", ""},
}

// advertiser is the prefix of advertisers' numbers. Advertisers do not become contacts.
const advertiser = "44770090099"
