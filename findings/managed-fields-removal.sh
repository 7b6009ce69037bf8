#!/bin/sh
# Kubernetes 1.37: a write that only takes fields away leaves no trace of its manager, and may erase that of another.
#
# metadata.managedFields names who set each field, with a time. One would expect the last writer of an object to be the entry with
# the latest time. But an update that only removes a field gives its manager no entry. The field is taken out of its owner's entry,
# whose time stays as it was, and an entry without fields vanishes. So after the controller manager has taken its taint off a node
# nothing says so. An object that is created with nothing but a name has no entry at all: most ServiceAccounts have none.
#
# Seen: "created with a name alone:", "two managers of a field each: first second", "third takes the field of second away: first".
#
# Runs the API server's own code for it, k8s.io/apimachinery v0.37.2, in a temporary folder. Needs Go.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/module"
cd "$work/module"
cat >main.go <<'GO'
package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/managedfields/managedfieldstest"
)

type fields = map[string]interface{}

func main() {
	kind := schema.FromAPIVersionAndKind("v1", "ConfigMap")
	manager := managedfieldstest.NewTestFieldManager(managedfields.NewDeducedTypeConverter(), kind)
	update := func(name string, data fields) {
		object := fields{"apiVersion": "v1", "kind": "ConfigMap", "metadata": fields{"name": "x"}}
		if data != nil {
			object["data"] = data
		}
		if err := manager.Update(&unstructured.Unstructured{Object: object}, name); err != nil {
			panic(err)
		}
	}
	show := func(what string) {
		fmt.Print(what, ":")
		for _, entry := range manager.ManagedFields() {
			fmt.Print(" ", entry.Manager)
		}
		fmt.Println()
	}
	update("creator", nil)
	show("created with a name alone")
	manager.Reset()
	update("first", fields{"a": "1"})
	update("second", fields{"a": "1", "b": "2"})
	show("two managers of a field each")
	update("third", fields{"a": "1"})
	show("third takes the field of second away")
}
GO
export GOFLAGS=-mod=mod GOPATH="$work/go"
{ go mod init finding && go get k8s.io/apimachinery@v0.37.2 && go mod tidy; } >log 2>&1 || { cat log; exit 1; }
go run . | tee seen
cat >expected <<'TEXT'
created with a name alone:
two managers of a field each: first second
third takes the field of second away: first
TEXT
if ! diff expected seen; then
  echo "This has changed."
  exit 1
fi
