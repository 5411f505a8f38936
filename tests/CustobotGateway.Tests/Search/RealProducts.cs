using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Search;
using CustobotGateway.Tests.Catalog.Import;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Search;

/// <summary>
/// A gateway with the 66,778 real products, imported once for all tests that only read them; empty where the files are absent.
/// </summary>
public sealed class RealProducts : ImportFixture, IAsyncLifetime
{
    /// <summary>How many there are.</summary>
    public const int Count = 66_778;

    private PlainScan? _scan;

    protected override string RegistryDirectory => null!;

    /// <summary>The files, one for each category.</summary>
    public static IReadOnlyList<string> Files => SharedData.Find("data/products/pc-parts") is { } folder ? [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];

    /// <summary>The report of the import.</summary>
    public JsonElement Report { get; private set; }

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        if (Files.Count == 0)
        {
            return;
        }
        Report = await ImportAsync(Files);
        var index = App.Services.GetRequiredService<CatalogIndex>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (index.Current!.Snapshot.Count < Count)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Imports files by the mapping of the real products; gives the report.</summary>
    public async Task<JsonElement> ImportAsync(IEnumerable<string> files)
    {
        using var parts = new MultipartFormDataContent();
        foreach (var file in files)
        {
            parts.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "file", Path.GetFileName(file));
        }
        return await EndOfAsync(await BeginAsync(parts, "?mapping=pc-parts"));
    }

    /// <summary>What a plain scan of the rows reads.</summary>
    public async Task<PlainScan> ScanAsync() => _scan ??= new PlainScan(await PlainProduct.ReadAllAsync(this),
        App.Services.GetRequiredService<CatalogIndex>().Current!.Registry.Attributes.ToDictionary(
            attribute => attribute.Key, attribute => (JsonNamingPolicy.SnakeCaseLower.ConvertName(attribute.Type.ToString()), attribute.Unit?.Code)));

    /// <summary>Searches; the answer must be a success.</summary>
    public async Task<JsonElement> SearchAsync(string request)
    {
        using var answer = await Client.PostAsync("/v1/products/search", new StringContent(request, Encoding.UTF8, "application/json"));
        var body = await ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{request}\n{body}");
        return body;
    }

    /// <summary>Searches; the answer must be a success.</summary>
    public Task<JsonElement> SearchAsync(JsonNode request) => SearchAsync(request.ToJsonString());
}

/// <summary>The tests that share one import of the real products.</summary>
[CollectionDefinition(nameof(RealProducts))]
public sealed class RealProductsTestsShared : ICollectionFixture<RealProducts>;
