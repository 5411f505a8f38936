using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Catalog;

/// <summary>Registering attributes while the gateway runs, and reading what is registered.</summary>
public sealed class AttributeRegistryTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Loudness = """{"key":"loudness","type":"measure","unit":"decibel","title":"Loudness","labels":{"es-MX":{"title":"Volumen sonoro","synonyms":["ruido"]}}}""";

    [Fact]
    public async Task One_definition_is_registered_and_described_at_once()
    {
        var (status, result) = await PostAsync(Loudness.Replace("loudness", "loudness_one", StringComparison.Ordinal));
        var described = await GetAsync("/v1/attributes/loudness_one");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(1, result.GetProperty("added").GetInt32());
        Assert.Equal("dB", described.GetProperty("unit").GetString());
        Assert.Equal(["eq", "in", "gt", "gte", "lt", "lte", "between", "exists"], described.GetProperty("operators").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Identical_definition_again_is_200_and_changes_nothing()
    {
        var body = Loudness.Replace("loudness", "loudness_twice", StringComparison.Ordinal);
        await PostAsync(body);
        var revision = Store.Current.Revision;

        // dB and decibel are one unit.
        var (status, result) = await PostAsync(body.Replace("decibel", "dB", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, result.GetProperty("unchanged").GetInt32());
        Assert.Equal(revision, Store.Current.Revision);
    }

    [Fact]
    public async Task Other_words_replace_the_ones_before()
    {
        await PostAsync("""{"key":"grain","type":"keyword","values":[{"value":"fine"}]}""");

        var (status, result) = await PostAsync("""{"key":"grain","type":"keyword","title":"Grain","values":[{"value":"fine","synonyms":["smooth"]}]}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, result.GetProperty("updated").GetInt32());
        Assert.Equal("Grain", (await GetAsync("/v1/attributes/grain")).GetProperty("title").GetString());
        Assert.Equal("fine", Store.Current.Find("grain")!.Canonical("Smooth"));
    }

    [Theory]
    [InlineData("""{"key":"torque_limit","type":"decimal"}""")]
    [InlineData("""{"key":"torque_limit","type":"measure","unit":"mm"}""")]
    [InlineData("""{"key":"torque_limit","type":"measure","unit":"N.m","searchable":false}""")]
    public async Task Another_type_unit_or_search_behaviour_is_409_and_registers_nothing_of_the_request(string other)
    {
        await PostAsync("""{"key":"torque_limit","type":"measure","unit":"N.m"}""");

        var (status, problem) = await PostAsync($$"""{"attributes":[{"key":"never_registered","type":"text"},{{other}}]}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("attribute_conflict", problem.GetProperty("code").GetString());
        Assert.Equal("/attributes/1", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        using var absent = await gateway.Client.GetAsync("/v1/attributes/never_registered");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Theory]
    [InlineData("""{"key":"Bad","type":"text"}""", "/key", "wrong_form")]
    [InlineData("""{"key":"9lives","type":"text"}""", "/key", "wrong_form")]
    [InlineData("""{"key":"external_id","type":"text"}""", "/key", "reserved")]
    [InlineData("""{"key":"fine","type":"number"}""", "/type", "wrong_type")]
    [InlineData("""{"type":"text"}""", "/key", "required")]
    [InlineData("""{"key":"fine","type":"text","colour":"red"}""", "/colour", "unknown_member")]
    [InlineData("""{"key":"fine","type":"keyword","unit":"mm"}""", "/unit", "not_for_type")]
    [InlineData("""{"key":"fine","type":"duration","unit":"mm"}""", "/unit", "unit_mismatch")]
    [InlineData("""{"key":"fine","type":"measure","unit":"two words"}""", "/unit", "wrong_form")]
    [InlineData("""{"key":"fine","type":"decimal","full_text":true}""", "/full_text", "not_for_type")]
    [InlineData("""{"key":"fine","type":"decimal","values":[{"value":"x"}]}""", "/values", "not_for_type")]
    [InlineData("""{"key":"fine","type":"keyword","values":[{"value":"x"},{"value":"x"}]}""", "/values", "duplicate")]
    [InlineData("""{"key":"fine","type":"keyword","title":"a\u0000b"}""", "/title", "nul_character")]
    [InlineData("""{"attributes":[{"key":"fine","type":"text"},{"key":"fine","type":"text"}]}""", "/attributes/1/key", "duplicate")]
    [InlineData("""{"attributes":[]}""", "/attributes", "required")]
    public async Task Definition_that_is_not_valid_is_refused_by_its_place(string body, string pointer, string code)
    {
        var (status, problem) = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = problem.GetProperty("errors")[0];
        Assert.Equal((pointer, code), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Registering_needs_the_administrators_token()
    {
        using var answer = await gateway.Client.PostAsync("/v1/attributes", new StringContent(Loudness, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True((await GatewayFixture.ReadJsonAsync(answer)).TryGetProperty("remedy", out _));
    }

    [Fact]
    public async Task Unknown_attribute_is_answered_with_the_nearest()
    {
        await PostAsync("""{"key":"spindle_speed","type":"measure","unit":"rpm"}""");

        using var answer = await gateway.Client.GetAsync("/v1/attributes/spindel_speed");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("spindle_speed", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es-MX", "es-MX", "Volumen sonoro")]
    [InlineData("es-AR, en;q=0.5", "es-MX", "Volumen sonoro")]
    [InlineData("fr, es;q=0.8, en;q=0.9", "en", "Loudness")]
    [InlineData("*", "en", "Loudness")]
    [InlineData("no such header ;;", "en", "Loudness")]
    public async Task Words_come_in_the_language_asked_for(string accept, string language, string title)
    {
        await PostAsync(Loudness);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/attributes/loudness");
        request.Headers.TryAddWithoutValidation("Accept-Language", accept);

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(language, answer.Content.Headers.ContentLanguage.Single());
        Assert.Contains("Accept-Language", answer.Headers.Vary);
        Assert.Equal(title, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Known_description_is_304()
    {
        await PostAsync(Loudness);
        using var first = await gateway.Client.GetAsync("/v1/attributes/loudness");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/attributes/loudness");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task List_is_paged_in_the_order_of_registration_and_filtered()
    {
        await PostAsync("""
            {"attributes":[{"key":"list_a","type":"geo","categories":["boats"],"stages":["after-sales"]},
            {"key":"list_b","type":"geo","categories":["boats"],"stages":["discover"],"labels":{"es-MX":{"synonyms":["atracadero único"]}}},
            {"key":"list_c","type":"geo","stages":["after_sales"]}]}
            """);

        var first = await GetAsync("/v1/attributes?type=geo&category=boats&size=2");
        var second = await GetAsync("/v1/attributes?type=geo&category=boats&size=2&after=" + first.GetProperty("page").GetProperty("next").GetString());
        var keys = Keys(first).Concat(Keys(second)).ToList();

        Assert.Equal(["list_a", "list_b", "list_c"], keys.Where(key => key.StartsWith("list_", StringComparison.Ordinal)));
        Assert.Contains("list_a", Keys(await GetAsync("/v1/attributes?type=geo&stage=after_sales")));
        Assert.DoesNotContain("list_b", Keys(await GetAsync("/v1/attributes?type=geo&stage=after_sales")));
        Assert.Equal(["list_b"], Keys(await GetAsync("/v1/attributes?q=ATRACADERO+UNICO")));
    }

    [Theory]
    [InlineData("size=0", "?size")]
    [InlineData("size=many", "?size")]
    [InlineData("stage=later", "?stage")]
    [InlineData("type=number", "?type")]
    [InlineData("after=attr_1", "?after")]
    public async Task List_parameter_that_is_not_valid_is_refused_by_its_name(string query, string pointer)
    {
        using var answer = await gateway.Client.GetAsync("/v1/attributes?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(pointer, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task What_only_staff_sees_is_hidden_from_others()
    {
        await PostAsync("""{"key":"margin_note","type":"text","staff_only":true}""");

        using var anonymous = await gateway.Client.GetAsync("/v1/attributes/margin_note");
        using var staff = await gateway.Admin.GetAsync("/v1/attributes/margin_note");

        Assert.Equal(HttpStatusCode.NotFound, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.OK, staff.StatusCode);
    }

    [Fact]
    public async Task Another_gateway_on_the_same_database_follows()
    {
        var followed = new TaskCompletionSource();
        Store.Changed += registry =>
        {
            if (registry.Find("seen_elsewhere") is not null)
            {
                followed.TrySetResult();
            }
        };

        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AttributeRegistryStore.AddAsync(transaction, [new AttributeDefinition { Key = "seen_elsewhere", Type = AttributeType.Boolean }], default);
        await transaction.CommitAsync();

        await followed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Racing_registrations_give_each_attribute_one_place()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PostAsync($$"""{"attributes":[{"key":"race_shared","type":"text"},{"key":"race_{{i}}","type":"text"}]}""")));

        var registry = await Store.RefreshAsync(default);
        Assert.Equal(Enumerable.Range(0, registry.Attributes.Count), registry.Attributes.Select(attribute => attribute.Ordinal));
        Assert.Equal(13, registry.Attributes.Count(attribute => attribute.Key.StartsWith("race_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Registry_outlives_a_restart()
    {
        var database = gateway.App.Services.GetRequiredService<Npgsql.NpgsqlDataSource>();
        await PostAsync("""{"key":"kept","type":"keyword_set","values":[{"value":"b"},{"value":"a","labels":{"es-MX":"primero"}}]}""");

        using var restarted = new AttributeRegistryStore(database);
        await restarted.LoadAsync(AttributeFiles.BuiltIn(), AttributeSource.Builtin, default);

        Assert.Equal(Store.Current.Attributes.Select(attribute => attribute.Key), restarted.Current.Attributes.Select(attribute => attribute.Key));
        Assert.Equal("a", restarted.Current.Find("kept")!.Canonical("PRIMERO"));
    }

    private AttributeRegistryStore Store => gateway.App.Services.GetRequiredService<AttributeRegistryStore>();

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string body)
    {
        using var answer = await gateway.Admin.PostAsync("/v1/attributes", new StringContent(body, Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await GatewayFixture.ReadJsonAsync(answer));
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    private static IEnumerable<string> Keys(JsonElement listing) => listing.GetProperty("attributes").EnumerateArray().Select(attribute => attribute.GetProperty("key").GetString()!);
}
