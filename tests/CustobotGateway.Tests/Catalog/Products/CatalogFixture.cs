using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Products;

/// <summary>A gateway with a small registry of one attribute of each type.</summary>
public class CatalogFixture : GatewayFixture
{
    private readonly string _registry = Directory.CreateTempSubdirectory("registry-").FullName;

    protected override string RegistryDirectory
    {
        get
        {
            File.WriteAllText(Path.Combine(_registry, "attributes.json"), """
                [ {"key":"name","type":"text","full_text":true}, {"key":"name_es","type":"text"}, {"key":"brand","type":"keyword"},
                  {"key":"category","type":"keyword"}, {"key":"panel_type","type":"keyword","values":[{"value":"IPS","synonyms":["in-plane switching"]}]},
                  {"key":"ports","type":"keyword_set"}, {"key":"curved","type":"boolean"}, {"key":"slots","type":"integer"}, {"key":"rating","type":"decimal"},
                  {"key":"weight","type":"measure","unit":"g"}, {"key":"price","type":"money"}, {"key":"released","type":"date"},
                  {"key":"warranty","type":"duration","unit":"mo"}, {"key":"warehouse","type":"geo"}, {"key":"gtin","type":"gtin"},
                  {"key":"availability","type":"keyword"}, {"key":"unit_cost","type":"money","staff_only":true} ]
                """);
            return _registry;
        }
    }

    /// <summary>Sends a body of JSON as the administrator.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string json, string? ifMatch = null, string? ifNoneMatch = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, type) };
        foreach (var (name, value) in new[] { ("If-Match", ifMatch), ("If-None-Match", ifNoneMatch) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return await Admin.SendAsync(request);
    }

    /// <summary>Puts a product and gives it back.</summary>
    public async Task<JsonElement> PutAsync(string key, string attributes)
    {
        using var answer = await SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key, $$"""{"attributes":{{attributes}}}""");
        answer.EnsureSuccessStatusCode();
        return await ReadJsonAsync(answer);
    }

    /// <summary>What an address answers as JSON.</summary>
    public async Task<JsonElement> GetAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);
}
