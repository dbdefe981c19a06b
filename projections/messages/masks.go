package messages

import "parley/projections"

// The parts of a message that masked viewers see. Fields not named here are hidden.
var (
	maskedLocation = projections.Object(map[string]projections.Mask{
		"latitude":  projections.Area,
		"longitude": projections.Area,
		"name":      projections.Name,
		"address":   projections.Name,
	})
	maskedCards = projections.List(projections.Object(map[string]projections.Mask{
		"name":    projections.Name,
		"company": projections.FreeText,
		"phones":  projections.List(projections.Phone),
		"emails":  projections.List(projections.Email),
	}))
	maskedDetails = projections.List(projections.Object(map[string]projections.Mask{
		"label": projections.FreeText,
		"value": projections.FreeText,
	}))
	maskedItems = projections.List(projections.Object(map[string]projections.Mask{
		"productId": projections.FreeText,
		"quantity":  projections.Clear,
		"price":     projections.FreeText,
		"currency":  projections.FreeText,
	}))
	maskedReferral = projections.Object(map[string]projections.Mask{
		"type":     projections.FreeText,
		"headline": projections.FreeText,
		"body":     projections.FreeText,
		"url":      projections.Link,
	})
	maskedProduct = projections.Object(map[string]projections.Mask{
		"catalogId": projections.FreeText,
		"id":        projections.FreeText,
	})
)
