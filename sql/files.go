// Package sql holds every SQL model of vaultperf, one per file, and opens the
// database they run in. It is imported as models, because its folder's name is
// also the standard library's.
//
// Layers are folders are schemas: raw, staging, intermediate, metrics, marts;
// macros and checks lie beside them. This package knows no stage and is the only one that
// imports the DuckDB driver.
package sql

import "embed"

// Files is every SQL file of the project, rooted at this folder.
//
//go:embed raw/*.sql staging/*.sql intermediate/*.sql metrics/*.sql marts/*.sql macros/*.sql checks/*.sql
var Files embed.FS

// Schemas are the layers in build order. Only extract writes raw, only
// transform writes the others.
var Schemas = []string{"raw", "staging", "intermediate", "metrics", "marts"}
