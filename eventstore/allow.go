package eventstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	settingsStream = "$settings"
	defaultRights  = "update-default-acl" // the type of the event that sets them
)

// rights says who may read and write the streams of one kind: names of users and groups.
type rights map[string]any

// AllowReadingAll lets a user of the event store read $all, which by default only administrators may. The URL names an
// administrator. Whatever else the default rights say stays.
func AllowReadingAll(ctx context.Context, url, user string) error {
	config, err := esdb.ParseConnectionString(officialURL(url))
	if err != nil {
		return fmt.Errorf("event store url: %w", err)
	}
	client, err := esdb.NewClient(config)
	if err != nil {
		return err
	}
	defer client.Close()
	all, err := readDefaultRights(ctx, client)
	if err != nil {
		return fmt.Errorf("read %s: %w", settingsStream, err)
	}
	system := all["$systemStreamAcl"]
	readers := names(system["$r"])
	if slices.Contains(readers, user) {
		return nil
	}
	if len(readers) == 0 {
		readers = []string{"$admins"}
	}
	if system == nil {
		system = rights{"$w": "$admins", "$d": "$admins", "$mr": "$admins", "$mw": "$admins"}
		all["$systemStreamAcl"] = system
	}
	system["$r"] = append(readers, user)
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	_, err = client.AppendToStream(ctx, settingsStream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}},
		esdb.EventData{EventType: defaultRights, ContentType: esdb.ContentTypeJson, Data: data})
	if err != nil {
		return fmt.Errorf("append to %s: %w", settingsStream, err)
	}
	return nil
}

// readDefaultRights returns the default rights, which are the server's own as long as nobody has set any.
func readDefaultRights(ctx context.Context, client *esdb.Client) (map[string]rights, error) {
	all := map[string]rights{
		"$userStreamAcl":   {"$r": "$all", "$w": "$all", "$d": "$all", "$mr": "$all", "$mw": "$all"},
		"$systemStreamAcl": {"$r": "$admins", "$w": "$admins", "$d": "$admins", "$mr": "$admins", "$mw": "$admins"},
	}
	read, err := client.ReadStream(ctx, settingsStream,
		esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 100)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	for {
		e, err := read.Recv()
		switch {
		case errors.Is(err, io.EOF), classify(err) == notFound:
			return all, nil
		case err != nil:
			return nil, err
		case e.Event != nil && e.Event.EventType == defaultRights:
			return all, json.Unmarshal(e.Event.Data, &all)
		}
	}
}

// names returns the users and groups of a right, which is one name or a list of them.
func names(right any) []string {
	switch right := right.(type) {
	case string:
		return []string{right}
	case []any:
		var all []string
		for _, name := range right {
			if name, ok := name.(string); ok {
				all = append(all, name)
			}
		}
		return all
	}
	return nil
}
