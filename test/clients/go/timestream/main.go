// The AWS SDK for Go against a Timestream server.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"

	. "highwater/clients/steps"
)

func main() {
	client := For("github.com/aws/aws-sdk-go-v2/service/timestreamwrite")
	write := timestreamwrite.NewFromConfig(Config(), func(options *timestreamwrite.Options) {
		options.BaseEndpoint = aws.String(Endpoint())
	})
	query := timestreamquery.NewFromConfig(Config(), func(options *timestreamquery.Options) {
		options.BaseEndpoint = aws.String(Endpoint())
	})
	name := aws.String("golang")
	now := time.Now().UnixMilli()

	client.Step("databases", func(ctx context.Context) {
		Must(write.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: name}))
		Equal(*Must(write.ListDatabases(ctx, &timestreamwrite.ListDatabasesInput{})).Databases[0].DatabaseName, "golang")
	})
	client.Step("tables", func(ctx context.Context) {
		Must(write.CreateTable(ctx, &timestreamwrite.CreateTableInput{DatabaseName: name, TableName: name}))
		describe := &timestreamwrite.DescribeTableInput{DatabaseName: name, TableName: name}
		Equal(Must(write.DescribeTable(ctx, describe)).Table.TableStatus, types.TableStatusActive)
	})
	client.Step("endpoint in code", func(ctx context.Context) {
		Equal(all(ctx, query, "SELECT 1"), []string{"1"})
	})
	os.Setenv("AWS_ENDPOINT_URL", Endpoint())
	for _, way := range []struct{ operation, discovery string }{
		{"endpoint from the environment", ""},
		{"endpoint from the environment, discovery on", "true"},
		{"endpoint from the environment, discovery off", "false"},
	} {
		client.Step(way.operation, func(ctx context.Context) {
			os.Setenv("AWS_ENABLE_ENDPOINT_DISCOVERY", way.discovery)
			defer os.Unsetenv("AWS_ENABLE_ENDPOINT_DISCOVERY")
			databases := timestreamwrite.NewFromConfig(Config())
			Equal(len(Must(databases.ListDatabases(ctx, &timestreamwrite.ListDatabasesInput{})).Databases), 1)
			Equal(all(ctx, timestreamquery.NewFromConfig(Config()), "SELECT 1"), []string{"1"})
		})
	}
	put := func(ctx context.Context, values ...string) error {
		records := []types.Record{}
		for n, value := range values {
			records = append(records, types.Record{
				Dimensions:  []types.Dimension{{Name: aws.String("device"), Value: aws.String("größer")}},
				MeasureName: aws.String("heat"), MeasureValue: aws.String(value),
				Time: aws.String(fmt.Sprint(now - int64(n))),
			})
		}
		batch := &timestreamwrite.WriteRecordsInput{DatabaseName: name, TableName: name, Records: records}
		_, err := write.WriteRecords(ctx, batch)
		return err
	}
	values := []string{"1.5", "2.5", "3.5"}
	client.Step("WriteRecords", func(ctx context.Context) {
		Must(0, put(ctx, values...))
	})
	client.Step("WriteRecords, rejected", func(ctx context.Context) {
		var rejected *types.RejectedRecordsException
		Equal(errors.As(put(ctx, "1.5", "9.5"), &rejected), true)
		Equal(rejected.RejectedRecords[0].RecordIndex, int32(1))
	})
	statement := "SELECT measure_value::double FROM golang.golang WHERE device = 'größer' ORDER BY time DESC"
	client.Step("Query, pages", func(ctx context.Context) {
		Equal(all(ctx, query, statement), values)
	})
	client.Step("typed errors", func(ctx context.Context) {
		var conflict *types.ConflictException
		_, err := write.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: name})
		Equal(errors.As(err, &conflict), true)
	})
	client.Step("DeleteTable, DeleteDatabase", func(ctx context.Context) {
		Must(write.DeleteTable(ctx, &timestreamwrite.DeleteTableInput{DatabaseName: name, TableName: name}))
		Must(write.DeleteDatabase(ctx, &timestreamwrite.DeleteDatabaseInput{DatabaseName: name}))
	})
}

// all returns the first column of a statement, in pages of one row.
func all(ctx context.Context, api *timestreamquery.Client, statement string) []string {
	input := &timestreamquery.QueryInput{QueryString: aws.String(statement), MaxRows: aws.Int32(1)}
	pages := timestreamquery.NewQueryPaginator(api, input)
	found := []string{}
	for pages.HasMorePages() {
		for _, row := range Must(pages.NextPage(ctx)).Rows {
			found = append(found, *row.Data[0].ScalarValue)
		}
	}
	return found
}
