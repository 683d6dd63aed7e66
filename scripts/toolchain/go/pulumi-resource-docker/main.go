// The Docker provider plugin, for machines that cannot reach Pulumi's plugin host. It bridges the same upstream
// provider as the official plugin, and covers what hotspare uses: containers, networks, volumes, remote images, tags.
package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// Set by the linker to the version of the npm package @pulumi/docker: the engine refuses an older plugin.
var dockerProviderVersion = "0.0.0"

func resource(name string, fields map[string]*tfbridge.SchemaInfo) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource("docker", "index", name), Fields: fields}
}

// The bridge would make a plural or singular of these names, and the npm package would not find them: silently.
func keep(names ...string) map[string]*tfbridge.SchemaInfo {
	fields := map[string]*tfbridge.SchemaInfo{}
	for _, name := range names {
		words := strings.Split(name, "_")
		for i, word := range words[1:] {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
		fields[name] = &tfbridge.SchemaInfo{Name: strings.Join(words, "")}
	}
	return fields
}

func main() {
	container := resource("Container", keep("command", "networks_advanced"))
	container.DeleteBeforeReplace = true // a new container cannot take the ports and addresses of a living one
	image := resource("RemoteImage", keep("name"))
	info := tfbridge.ProviderInfo{
		P:       shim.NewProvider(provider.New(dockerProviderVersion)()),
		Name:    "docker",
		Version: dockerProviderVersion,
		Config:  keep("registry_auth"),
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": container,
			"docker_network":   resource("Network", nil),
			"docker_volume":    resource("Volume", nil),
			"docker_image":     image,
			"docker_tag":       resource("Tag", nil),
		},
	}
	info.SetAutonaming(255, "-")
	tfbridge.Main("docker", dockerProviderVersion, info, nil)
}
