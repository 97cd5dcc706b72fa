package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"private-registry/toolchain/plugins/plugins"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

func schema(p tfbridge.ProviderInfo) []byte {
	r, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{ProviderInfo: p, XInMemoryDocs: true,
		DiagnosticsSink: diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})})
	if err != nil {
		panic(err)
	}
	b, err := json.Marshal(r.PackageSpec)
	if err != nil {
		panic(err)
	}
	return b
}

func main() {
	meta := []byte("{}")
	switch filepath.Base(os.Args[0]) {
	case "pulumi-resource-random":
		p := plugins.Random(meta)
		pf.Main(context.Background(), "random", p, pf.ProviderMetadata{PackageSchema: schema(p), BridgeMetadata: meta})
	case "pulumi-resource-tls":
		p := plugins.TLS(meta)
		pf.Main(context.Background(), "tls", p, pf.ProviderMetadata{PackageSchema: schema(p), BridgeMetadata: meta})
	case "pulumi-resource-docker":
		p := plugins.Docker(meta)
		tfbridge.Main("docker", "5.2.0", p, schema(p))
	default:
		os.Exit(3)
	}
}
