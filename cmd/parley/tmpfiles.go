package main

import (
	"context"
	"net/http"

	"parley/graphql"
)

type tmpFiles struct{}

func (tmpFiles) Run(ctx context.Context) error                                   { <-ctx.Done(); return nil }
func (tmpFiles) Upload() http.Handler                                            { return http.NotFoundHandler() }
func (tmpFiles) Download() http.Handler                                          { return http.NotFoundHandler() }
func (tmpFiles) Draft(context.Context, string, string) (string, error)           { return "", nil }
func (tmpFiles) SaveDraft(context.Context, string, string, string) error         { return nil }
func (tmpFiles) Find(context.Context, string, string) (graphql.Attachment, error) { return graphql.Attachment{}, nil }
