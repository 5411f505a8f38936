using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// Every answer of the search workload equals that of a plain scan, through HTTP: 222 attributes as a registry of one's own, the products by the
/// importer, 1,000 searches of 3 to 12 constraints with 5 to 20 facets. <c>CUSTOBOT_TEST_FULL=1</c> repeats it at 100,000 products.
/// </summary>
public sealed class WorkloadOracleTests
{
    private const int MostReported = 10;
    private const int AllValues = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static TheoryData<int> Sizes => Environment.GetEnvironmentVariable("CUSTOBOT_TEST_FULL") == "1" ? [10_000, 100_000] : [10_000];

    [WorkloadTheory]
    [MemberData(nameof(Sizes))]
    public async Task Every_search_of_the_workload_agrees_with_a_plain_scan(int size)
    {
        var files = WorkloadFiles.Find();
        var gateway = new Gateway(files);
        await gateway.InitializeAsync();
        try
        {
            await gateway.LoadAsync(files.Products(size), size);
            var oracle = File.ReadAllLines(files.Oracle(size));
            var queries = File.ReadAllLines(files.QueryLines);
            var wrong = new List<string>();

            for (var i = 0; i < queries.Length; i++)
            {
                using var query = JsonDocument.Parse(queries[i]);
                using var expected = JsonDocument.Parse(oracle[i]);
                var search = WorkloadWire.Search(query.RootElement, AllValues, "external_id").ToJsonString();
                var differences = Differences(expected.RootElement, await gateway.SearchAsync(search)).ToList();
                if (differences.Count > 0)
                {
                    wrong.Add($"query {query.RootElement.GetProperty("id")}: {string.Join("; ", differences)}\n  {search}");
                }
            }

            Assert.True(wrong.Count == 0, $"{wrong.Count} of {queries.Length} answers differ from the plain scan:\n{string.Join('\n', wrong.Take(MostReported))}");
            Assert.Equal(1000, queries.Length);
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }

    private static IEnumerable<string> Differences(JsonElement expected, (HttpStatusCode Status, JsonElement Body) answer)
    {
        if (answer.Status != HttpStatusCode.OK)
        {
            yield return $"{(int)answer.Status} {answer.Body}";
            yield break;
        }
        if (Different("total", expected.GetProperty("total").GetRawText(), answer.Body.GetProperty("total").GetRawText()) is { } total)
        {
            yield return total;
        }
        // Null where the order is by relevance, which the oracle does not judge.
        if (expected.GetProperty("ids") is { ValueKind: JsonValueKind.Array } ids
            && Different("page", string.Join(',', ids.EnumerateArray()), string.Join(',', answer.Body.GetProperty("products").EnumerateArray().Select(ExternalId))) is { } page)
        {
            yield return page;
        }
        var facets = answer.Body.GetProperty("facets");
        foreach (var facet in expected.GetProperty("facets").EnumerateObject())
        {
            if (Different(facet.Name, Counts(facet.Value), Counts(facets.GetProperty(facet.Name).GetProperty("values"))) is { } counts)
            {
                yield return counts;
            }
        }
        foreach (var statistic in expected.GetProperty("stats").EnumerateObject())
        {
            if (Different(statistic.Name, Statistics(statistic.Value), Statistics(facets.GetProperty(statistic.Name).GetProperty("stats"))) is { } statistics)
            {
                yield return statistics;
            }
        }
    }

    private static string? Different(string what, string expected, string got) => expected == got ? null : $"{what} is {got}, not {expected}";

    private static string ExternalId(JsonElement product) => product.GetProperty("attributes").GetProperty("external_id").GetString()!;

    /// <summary>Counts in the order of the answer: by count, descending, then by value.</summary>
    private static string Counts(JsonElement values) => string.Join(',', values.ValueKind == JsonValueKind.Object
        ? values.EnumerateObject().OrderByDescending(value => value.Value.GetInt32()).ThenBy(value => value.Name, StringComparer.Ordinal).Select(value => $"{value.Name}={value.Value}")
        : values.EnumerateArray().Select(value => $"{Text(value.GetProperty("value"))}={value.GetProperty("count")}"));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Statistics(JsonElement statistics)
    {
        var array = statistics.ValueKind == JsonValueKind.Array;
        var count = (array ? statistics[0] : statistics.GetProperty("count")).GetInt64();
        if (count == 0)
        {
            return "none";
        }
        var minimum = (array ? statistics[1] : statistics.GetProperty("min")).GetDouble();
        var maximum = (array ? statistics[2] : statistics.GetProperty("max")).GetDouble();
        return string.Create(CultureInfo.InvariantCulture, $"{count} from {minimum} to {maximum}");
    }

    /// <summary>A gateway that knows the workload's attributes and nothing else.</summary>
    private sealed class Gateway : GatewayFixture
    {
        private readonly string _registry = Directory.CreateTempSubdirectory("gateway-registry-").FullName;

        public Gateway(WorkloadFiles files) => WorkloadWire.WriteRegistry(files.Schema, _registry);

        protected override string RegistryDirectory => _registry;

        public new async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_registry, recursive: true);
        }

        /// <summary>Imports the products and waits until searches see them all.</summary>
        public async Task LoadAsync(string productsFile, int count)
        {
            await WaitUntilReadyAsync();
            using var content = new StreamContent(File.OpenRead(productsFile)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
            using var accepted = await Admin.PostAsync("/v1/products:import", content);
            var import = await ReadJsonAsync(accepted);
            Assert.True(accepted.StatusCode == HttpStatusCode.Accepted, import.ToString());
            using var patience = new CancellationTokenSource(Patience);
            JsonElement report;
            do
            {
                await Task.Delay(50, patience.Token);
                using var answer = await Admin.GetAsync($"/v1/imports/{import.GetProperty("id").GetString()}", patience.Token);
                report = await ReadJsonAsync(answer);
            }
            while (report.GetProperty("status").GetString() is "receiving" or "running");
            Assert.Equal("completed", report.GetProperty("status").GetString());
            while ((await SearchAsync("""{"page":{"size":1}}""")).Body.GetProperty("total").GetInt32() != count)
            {
                await Task.Delay(20, patience.Token);
            }
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> SearchAsync(string search)
        {
            using var content = new StringContent(search, Encoding.UTF8, "application/json");
            using var answer = await Client.PostAsync("/v1/products/search", content);
            return (answer.StatusCode, await ReadJsonAsync(answer));
        }
    }
}
