// Package steps runs the steps of a client, and says of each on one line of JSON how it went.
package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Client names the client and the version of one of its modules, as it was built.
type Client struct{ name, version string }

// For returns the client whose version is that of the module at the path.
func For(modulePath string) Client {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == modulePath {
			return Client{"AWS SDK for Go 2", strings.TrimPrefix(module.Version, "v")}
		}
	}
	panic(modulePath + " is not in the build")
}

// Step runs one step. One that fails is reported, and the next one runs.
func (client Client) Step(operation string, run func(context.Context)) {
	result := "right"
	func() {
		defer func() {
			if failure := recover(); failure != nil {
				result = fmt.Sprint(failure)
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		run(ctx)
	}()
	line := map[string]string{
		"client": client.name, "version": client.version, "operation": operation, "result": result,
	}
	json.NewEncoder(os.Stdout).Encode(line)
}

// Must returns the value, or ends the step with the error.
func Must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Equal ends the step when the values differ.
func Equal(actual, wanted any) {
	if !reflect.DeepEqual(actual, wanted) {
		panic(fmt.Sprintf("%v instead of %v", actual, wanted))
	}
}

// Endpoint of the server, as the runner names it.
func Endpoint() string { return os.Args[len(os.Args)-1] }

// Config is what a user's program loads from the environment.
func Config() aws.Config {
	return Must(config.LoadDefaultConfig(context.Background()))
}
