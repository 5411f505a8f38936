using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Products;

public sealed class ProductTests(CatalogFixture gateway) : IClassFixture<CatalogFixture>
{
    private const string Monitor = """
        {"name":"Dell U2723QE","brand":"Dell","category":"monitor","panel_type":"ips","ports":["HDMI","DP","HDMI"],"curved":false,"slots":2,"rating":4.50,
         "weight":{"value":2.6,"unit":"lb"},"price":{"amount":57900,"currency":"USD"},"released":"2024-01-15","warranty":"P3Y","warehouse":[19.43,-99.13],
         "gtin":"4006381333931","unit_cost":{"amount":40000,"currency":"USD"}}
        """;

    [Fact]
    public async Task Product_that_was_put_is_read_back_in_canonical_units_with_provenance_and_the_form_as_given()
    {
        var key = Key();
        using var answer = await gateway.SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key, $$"""{"external_id":"{{key}}","attributes":{{Monitor}}}""");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        var product = await gateway.GetAsync(answer.Headers.Location!.ToString());
        var attributes = product.GetProperty("attributes");
        // 2.6 lb at 453.59237 g each.
        Assert.Equal("""{"value":1179.340162,"unit":"g"}""", attributes.GetProperty("weight").GetRawText());
        Assert.Equal("""{"value":36,"unit":"mo"}""", attributes.GetProperty("warranty").GetRawText());
        Assert.Equal("IPS", attributes.GetProperty("panel_type").GetString());
        Assert.Equal(["HDMI", "DP"], attributes.GetProperty("ports").EnumerateArray().Select(port => port.GetString()));
        Assert.Equal("[lb_av]", product.GetProperty("given").GetProperty("weight").GetProperty("unit").GetString());
        Assert.Equal("api", product.GetProperty("provenance").GetProperty("weight").GetProperty("source").GetString());
        Assert.Equal(key, product.GetProperty("external_id").GetString());
    }

    [Fact]
    public async Task Attribute_of_the_staff_is_shown_to_the_administrator_only()
    {
        var product = await gateway.PutAsync(Key(), Monitor);
        var path = "/v1/products/" + product.GetProperty("id").GetString();

        var seenByStaff = await gateway.Admin.GetFromJsonAsync<JsonElement>(path);
        var seenByOthers = await gateway.GetAsync(path);

        Assert.True(seenByStaff.GetProperty("attributes").TryGetProperty("unit_cost", out _));
        Assert.False(seenByOthers.GetProperty("attributes").TryGetProperty("unit_cost", out _));
        Assert.False(seenByOthers.GetProperty("provenance").TryGetProperty("unit_cost", out _));
    }

    [Fact]
    public async Task Same_content_again_changes_nothing()
    {
        var key = Key();
        var first = await gateway.PutAsync(key, Monitor);
        var again = await gateway.PutAsync(key, Monitor);

        Assert.Equal(1, again.GetProperty("version").GetInt64());
        Assert.Equal(first.GetProperty("updated_at").GetString(), again.GetProperty("updated_at").GetString());
    }

    [Fact]
    public async Task Product_that_was_read_can_be_put_back()
    {
        var product = await gateway.PutAsync(Key(), Monitor);
        using var answer = await gateway.SendAsync(HttpMethod.Put, "/v1/products/" + product.GetProperty("id").GetString(), product.GetRawText());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Write_without_the_token_is_refused_with_a_remedy()
    {
        using var answer = await gateway.Client.PutAsJsonAsync("/v1/products/external_id:x", new { attributes = new { } });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True((await GatewayFixture.ReadJsonAsync(answer)).TryGetProperty("remedy", out _));
    }

    [Fact]
    public async Task Values_that_cannot_be_taken_are_named_all_at_once_and_nothing_is_written()
    {
        var key = Key();
        using var answer = await gateway.SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key,
            """{"attributes":{"brnad":"Dell","weight":{"value":1,"unit":"s"},"slots":1.5,"name":"x"}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal("invalid_product", problem.GetProperty("code").GetString());
        Assert.Equal([("/attributes/brnad", "unknown_attribute"), ("/attributes/weight", "unit_not_convertible"), ("/attributes/slots", "wrong_type")],
            problem.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("pointer").GetString()!, error.GetProperty("code").GetString()!)));
        Assert.Contains("brand", problem.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.GetAsync("/v1/products/external_id:" + key)).StatusCode);
    }

    [Theory]
    [InlineData("""{"attributes":{"name":"a\u0000"}}""")]
    [InlineData("""{"attributes":{"name":"a","name":"b"}}""")]
    [InlineData("""{"attributes":{"name":"\ud800"}}""")]
    [InlineData("""{"attributes":{"slots":1e400}}""")]
    [InlineData("""{"attributes":{"price":{"\ud800":1}}}""")]
    [InlineData("""{"attributes":{"weight":{"value":1,"\udfff":"g"}}}""")]
    [InlineData("""{"attributes":{},"colour":1}""")]
    [InlineData("""{"attributes":7}""")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public async Task Bad_body_is_a_clear_problem(string body)
    {
        await gateway.PutAsync("well", """{"price":{"amount":1,"currency":"USD"},"weight":5}""");
        using var put = await gateway.SendAsync(HttpMethod.Put, "/v1/products/external_id:bad", body);
        using var patched = await gateway.SendAsync(HttpMethod.Patch, "/v1/products/external_id:well", body);

        foreach (var answer in new[] { put, patched })
        {
            Assert.InRange((int)answer.StatusCode, 400, 422);
            Assert.NotEmpty((await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors").EnumerateArray());
        }
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_keeps_the_rest()
    {
        var path = "/v1/products/" + (await gateway.PutAsync(Key(), Monitor)).GetProperty("id").GetString();
        using var answer = await gateway.SendAsync(HttpMethod.Patch, path,
            """{"attributes":{"price":{"amount":49900},"warranty":null,"rating":4.6},"provenance":{"rating":{"source":"reviews","confidence":0.7}}}""", type: "application/merge-patch+json");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var product = await gateway.GetAsync(path);
        var attributes = product.GetProperty("attributes");
        Assert.Equal("""{"amount":49900,"currency":"USD"}""", attributes.GetProperty("price").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.False(attributes.TryGetProperty("warranty", out _));
        Assert.Equal(1179.340162m, attributes.GetProperty("weight").GetProperty("value").GetDecimal());
        Assert.Equal("[lb_av]", product.GetProperty("given").GetProperty("weight").GetProperty("unit").GetString());
        Assert.Equal("reviews", product.GetProperty("provenance").GetProperty("rating").GetProperty("source").GetString());
        Assert.Equal(2, product.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Precondition_that_does_not_hold_is_412_and_one_that_holds_passes()
    {
        var key = Key();
        await gateway.PutAsync(key, """{"name":"a"}""");
        var path = "/v1/products/external_id:" + key;

        using var stale = await gateway.SendAsync(HttpMethod.Put, path, """{"attributes":{"name":"b"}}""", ifMatch: "\"7\"");
        using var foreign = await gateway.SendAsync(HttpMethod.Patch, path, """{"attributes":{"name":"b"}}""", ifMatch: "\"abc\"");
        using var exists = await gateway.SendAsync(HttpMethod.Put, path, """{"attributes":{"name":"b"}}""", ifNoneMatch: "*");
        using var missing = await gateway.SendAsync(HttpMethod.Put, path + "-new", """{"attributes":{"name":"b"}}""", ifMatch: "*");
        using var fresh = await gateway.SendAsync(HttpMethod.Put, path, """{"attributes":{"name":"b"}}""", ifMatch: "\"1\"");

        Assert.Equal([412, 412, 412, 412, 200], new[] { stale, foreign, exists, missing, fresh }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("\"2\"", fresh.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Of_writers_with_the_same_version_one_wins()
    {
        var key = Key();
        await gateway.PutAsync(key, """{"slots":0}""");
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(i =>
            gateway.SendAsync(HttpMethod.Patch, "/v1/products/external_id:" + key, $$"""{ "attributes": { "slots": {{i}} } }""", ifMatch: "\"1\"")));

        Assert.Equal([(HttpStatusCode.OK, 1), (HttpStatusCode.PreconditionFailed, 7)],
            answers.CountBy(answer => answer.StatusCode).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Patches_of_different_values_at_once_are_all_kept()
    {
        var key = Key();
        await gateway.PutAsync(key, """{"name":"x"}""");
        string[] patches = ["""{"slots":3}""", """{"rating":4}""", """{"curved":true}""", """{"brand":"LG"}"""];
        await Task.WhenAll(patches.Select(patch => gateway.SendAsync(HttpMethod.Patch, "/v1/products/external_id:" + key, $$"""{"attributes":{{patch}}}""")));

        var product = await gateway.GetAsync("/v1/products/external_id:" + key);
        Assert.Equal(5, product.GetProperty("attributes").EnumerateObject().Count());
        Assert.Equal(5, product.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Creation_at_once_makes_one_product()
    {
        var key = Key();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            gateway.SendAsync(HttpMethod.Put, "/v1/products/external_id:" + key, """{"attributes":{"name":"x"}}""", ifNoneMatch: "*")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Withdrawn_product_is_gone_and_comes_back_under_its_id()
    {
        var key = Key();
        var id = (await gateway.PutAsync(key, """{"name":"x"}""")).GetProperty("id").GetString();
        var gone = await gateway.Admin.DeleteAsync("/v1/products/" + id);
        var read = await gateway.Client.GetAsync("/v1/products/" + id);
        var again = await gateway.Admin.DeleteAsync("/v1/products/" + id);
        var back = await gateway.PutAsync(key, """{"name":"x"}""");

        Assert.Equal([204, 404, 404], new[] { gone, read, again }.Select(answer => (int)answer.StatusCode));
        Assert.Equal(id, back.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Known_version_is_304()
    {
        var path = "/v1/products/" + (await gateway.PutAsync(Key(), Monitor)).GetProperty("id").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"1\""));

        Assert.Equal(HttpStatusCode.NotModified, (await gateway.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Json_ld_speaks_schema_org_in_the_language_asked_for()
    {
        var path = "/v1/products/" + (await gateway.PutAsync(Key(), Monitor.Replace("""{"name":""", """{"name_es":"Monitor Dell","name":""", StringComparison.Ordinal))).GetProperty("id").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/ld+json");
        request.Headers.AcceptLanguage.ParseAdd("es-MX, en;q=0.5");
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal("application/ld+json", answer.Content.Headers.ContentType!.MediaType);
        var product = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal("Product", product.GetProperty("@type").GetString());
        Assert.Equal("Monitor Dell", product.GetProperty("name").GetString());
        // 57900 minor units of USD, which has two decimal digits.
        Assert.Equal(579m, product.GetProperty("offers").GetProperty("price").GetDecimal());
        Assert.Contains(product.GetProperty("additionalProperty").EnumerateArray(), property => property.GetProperty("propertyID").GetString() == "panel_type");
        Assert.DoesNotContain(product.GetProperty("additionalProperty").EnumerateArray(), property => property.GetProperty("propertyID").GetString() == "unit_cost");
    }

    [Fact]
    public async Task Batch_answers_what_is_there_and_names_what_is_not()
    {
        var (a, b) = (Key(), Key());
        var first = await gateway.PutAsync(a, """{"name":"a"}""");
        await gateway.PutAsync(b, """{"name":"b"}""");
        using var answer = await gateway.Client.PostAsJsonAsync("/v1/products:batchGet",
            new { ids = new[] { "prd_zzzzzzzzzzzzz", first.GetProperty("id").GetString() }, external_ids = new[] { b, "nobody" } });

        var found = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal([a, b], found.GetProperty("products").EnumerateArray().Select(product => product.GetProperty("external_id").GetString()));
        Assert.Equal(["prd_zzzzzzzzzzzzz", "nobody"], found.GetProperty("missing").EnumerateArray().Select(id => id.GetString()));
    }

    [Fact]
    public async Task Comparison_puts_values_in_one_unit_and_says_which_is_best()
    {
        var (a, b, c) = (Key(), Key(), Key());
        var cheap = await gateway.PutAsync(a, """{"price":{"amount":100,"currency":"USD"},"weight":{"value":1,"unit":"kg"},"brand":"Dell"}""");
        await gateway.PutAsync(b, """{"price":{"amount":300,"currency":"USD"},"weight":500,"brand":"Dell"}""");
        await gateway.PutAsync(c, """{"price":{"amount":200,"currency":"USD"},"brand":"Dell"}""");
        using var answer = await gateway.Client.PostAsJsonAsync("/v1/products:compare", new { ids = new[] { a, b, c }.Select(key => "external_id:" + key) });

        var attributes = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("attributes").EnumerateArray().ToDictionary(attribute => attribute.GetProperty("attribute").GetString()!);
        Assert.Equal([0, 1, 0.5], attributes["price"].GetProperty("normalized").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(cheap.GetProperty("id").GetString(), Assert.Single(attributes["price"].GetProperty("best").EnumerateArray()).GetString());
        Assert.Equal("g", attributes["weight"].GetProperty("unit").GetString());
        Assert.Equal([0, -500], attributes["weight"].GetProperty("difference").EnumerateArray().Take(2).Select(value => value.GetDouble()));
        Assert.Single(attributes["weight"].GetProperty("missing").EnumerateArray());
        Assert.False(attributes["brand"].GetProperty("differs").GetBoolean());
    }

    [Theory]
    [InlineData("/v1/products:compare", """{"ids":["external_id:nobody","external_id:no"]}""", 404)]
    [InlineData("/v1/products:compare", """{"ids":["external_id:nobody"]}""", 400)]
    [InlineData("/v1/products:batchGet", """{"ids":[]}""", 400)]
    public async Task Lists_of_a_wrong_size_or_of_nothing_are_refused(string path, string body, int status)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Post, path, body);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task List_goes_through_all_products_once_and_finds_one_by_its_key()
    {
        var keys = new[] { Key(), Key(), Key() };
        foreach (var key in keys)
        {
            await gateway.PutAsync(key, """{"name":"x"}""");
        }

        var (seen, after) = (new List<string>(), (string?)null);
        do
        {
            var page = await gateway.GetAsync("/v1/products?size=2" + (after is null ? "" : "&after=" + after));
            seen.AddRange(page.GetProperty("products").EnumerateArray().Select(product => product.GetProperty("external_id").GetString()!));
            after = page.GetProperty("page").TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(keys.Except(seen));
        Assert.Single((await gateway.GetAsync("/v1/products?external_id=" + keys[0])).GetProperty("products").EnumerateArray());
    }

    [Theory]
    [InlineData("size=0")]
    [InlineData("size=101")]
    [InlineData("size=x")]
    [InlineData("after=!!")]
    public async Task Page_out_of_bounds_is_refused(string query)
    {
        using var answer = await gateway.Client.GetAsync("/v1/products?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static string Key() => "t-" + Guid.NewGuid().ToString("n");
}
