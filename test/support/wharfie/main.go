// Prints as JSON what k3s reads in the registries.yaml at the path given.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/rancher/wharfie/pkg/registries"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: wharfie REGISTRIES.YAML")
	}
	// Without this, no file would be the same as an empty one.
	if _, err := os.Stat(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	registry, err := registries.GetPrivateRegistries(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(registry.Registry); err != nil {
		log.Fatal(err)
	}
}
