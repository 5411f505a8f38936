using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Search;

/// <summary>What a search is refused for: each time a clear problem with a code and the place.</summary>
public sealed class SearchRefusalTests(SearchRefusalTests.Gateway gateway) : IClassFixture<SearchRefusalTests.Gateway>
{
    public sealed class Gateway : SearchGateway
    {
        protected override int ProductCount => 200;
    }

    public static TheoryData<string, int, string, string, string> Refusals => new()
    {
        // body, status, code of the problem, code of the error, pointer
        { """{"must":[{"attribute":"pannel_type","op":"eq","value":"IPS"}]}""", 422, "unknown_attribute", "unknown_attribute", "/must/0/attribute" },
        { """{"must":[{"any":[{"attribute":"brand","op":"eq","value":"Dell"},{"not":{"attribute":"nope","op":"eq","value":1}}]}]}""", 422, "unknown_attribute", "unknown_attribute", "/must/0/any/1/not/attribute" },
        { """{"select":["name","colour"]}""", 422, "unknown_attribute", "unknown_attribute", "/select/1" },
        { """{"sort":[{"by":"prize"}]}""", 422, "unknown_attribute", "unknown_attribute", "/sort/0/by" },
        { """{"facets":[{"attribute":"brands"}]}""", 422, "unknown_attribute", "unknown_attribute", "/facets/0/attribute" },
        { """{"must":[{"attribute":"unit_cost","op":"gt","value":{"amount":1,"currency":"USD"}}]}""", 422, "unknown_attribute", "unknown_attribute", "/must/0/attribute" },
        { """{"must":[{"attribute":"note","op":"exists","value":true}]}""", 422, "attribute_not_searchable", "attribute_not_searchable", "/must/0/attribute" },
        { """{"must":[{"attribute":"panel_type","op":"gte","value":3}]}""", 422, "operator_not_supported", "operator_not_supported", "/must/0/op" },
        { """{"must":[{"attribute":"weight","op":"prefix","value":"1"}]}""", 422, "operator_not_supported", "operator_not_supported", "/must/0/op" },
        { """{"must":[{"attribute":"weight","op":"near","value":1}]}""", 422, "operator_not_supported", "operator_not_supported", "/must/0/op" },
        { """{"must":[{"attribute":"id","op":"gt","value":"prd_0"}]}""", 422, "operator_not_supported", "operator_not_supported", "/must/0/op" },
        { """{"sort":[{"by":"colors"}]}""", 422, "sort_not_supported", "sort_not_supported", "/sort/0/by" },
        { """{"facets":[{"attribute":"name"}]}""", 422, "facet_not_supported", "facet_not_supported", "/facets/0/attribute" },
        { """{"facets":[{"attribute":"brand","stats":true}]}""", 422, "facet_not_supported", "facet_not_supported", "/facets/0/stats" },
        { """{"facets":[{"attribute":"brand"},{"attribute":"brand"}]}""", 422, "facet_not_supported", "facet_not_supported", "/facets/1/attribute" },
        { """{"must":[{"attribute":"weight","op":"gte","value":2,"unit":"cm"}]}""", 422, "unit_not_convertible", "unit_not_convertible", "/must/0/unit" },
        { """{"must":[{"attribute":"weight","op":"gte","value":{"value":2,"unit":"cm"}}]}""", 422, "unit_not_convertible", "unit_not_convertible", "/must/0/value/unit" },
        { """{"must":[{"attribute":"cores","op":"gte","value":2,"unit":"kg"}]}""", 422, "unit_not_convertible", "unit_not_convertible", "/must/0/unit" },
        { """{"must":[{"attribute":"weight","op":"gte","value":2,"unit":"stonez"}]}""", 422, "unknown_unit", "unknown_unit", "/must/0/unit" },
        { """{"must":[{"attribute":"weight","op":"between","from":5,"to":2}]}""", 422, "range_reversed", "range_reversed", "/must/0" },
        { """{"must":[{"attribute":"released","op":"between","from":"2025-02-01","to":"2025-01-01"}]}""", 422, "range_reversed", "range_reversed", "/must/0" },
        { """{"facets":[{"attribute":"cores","ranges":[{"from":5,"to":2}]}]}""", 422, "range_reversed", "range_reversed", "/facets/0/ranges/0" },
        { """{"must":[{"attribute":"price","op":"lte","value":{"amount":100,"currency":"EUR"}}]}""", 422, "currency_not_available", "currency_not_available", "/must/0/value/currency" },
        { """{"facets":[{"attribute":"list_price"}]}""", 422, "currency_required", "currency_required", "/facets/0" },
        { """{"facets":[{"attribute":"list_price","currency":"EUR"}]}""", 422, "currency_not_available", "currency_not_available", "/facets/0/currency" },
        { """{"must":[{"attribute":"price","op":"lte","value":100}]}""", 422, "value_type_mismatch", "value_type_mismatch", "/must/0/value" },
        { """{"must":[{"attribute":"brand","op":"in","values":["Dell",3]}]}""", 422, "value_type_mismatch", "value_type_mismatch", "/must/0/values/1" },
        { """{"must":[{"attribute":"in_stock","op":"eq","value":"yes"}]}""", 422, "value_type_mismatch", "value_type_mismatch", "/must/0/value" },
        { """{"must":[{"attribute":"brand","op":"exists","value":"yes"}]}""", 422, "value_type_mismatch", "value_type_mismatch", "/must/0/value" },
        { """{"must":[{"attribute":"place","op":"within","value":[1,2]}]}""", 400, "invalid_request", "wrong_type", "/must/0/value" },
        { """{"must":[{"attribute":"place","op":"within","value":{"lat":91,"lon":0,"radius":1}}]}""", 422, "value_out_of_range", "value_out_of_range", "/must/0/value/lat" },
        { """{"must":[{"attribute":"place","op":"within","value":{"lat":9,"lon":0,"radius":0}}]}""", 422, "value_out_of_range", "value_out_of_range", "/must/0/value/radius" },
        { """{"must":[{"attribute":"released","op":"gt","value":"2025-02-30"}]}""", 422, "value_invalid", "value_invalid", "/must/0/value" },
        { """{"must":[{"attribute":"tested_at","op":"gt","value":"2025-02-03T12:00:00"}]}""", 422, "value_invalid", "value_invalid", "/must/0/value" },
        { """{"must":[{"attribute":"gtin","op":"eq","value":"4006381333932"}]}""", 422, "value_invalid", "value_invalid", "/must/0/value" },
        { """{"must":[{"attribute":"price","op":"lte","value":{"amount":1.5,"currency":"USD"}}]}""", 422, "value_invalid", "value_invalid", "/must/0/value" },
        { """{"must":[{"attribute":"cores","op":"gte","value":1e400}]}""", 422, "value_out_of_range", "value_out_of_range", "/must/0/value" },
        { """{"must":[{"attribute":"rating","op":"gte","value":1e16}]}""", 422, "value_out_of_range", "value_out_of_range", "/must/0/value" },
        { """{"should":[{"attribute":"rating","op":"gte","value":1,"weight":0}]}""", 422, "value_out_of_range", "value_out_of_range", "/should/0/weight" },
        { """{"page":{"size":0}}""", 400, "page_out_of_bounds", "page_out_of_bounds", "/page/size" },
        { """{"page":{"size":101}}""", 400, "page_out_of_bounds", "page_out_of_bounds", "/page/size" },
        { """{"page":{"size":1e30}}""", 400, "page_out_of_bounds", "page_out_of_bounds", "/page/size" },
        { """{"page":{"offset":10001}}""", 400, "page_out_of_bounds", "page_out_of_bounds", "/page/offset" },
        { """{"page":{"offset":-1}}""", 400, "page_out_of_bounds", "page_out_of_bounds", "/page/offset" },
        { """{"page":{"offset":1,"after":"abc"}}""", 400, "invalid_request", "after_and_offset", "/page" },
        { """{"page":{"size":"24"}}""", 400, "invalid_request", "wrong_type", "/page/size" },
        { """{"page":{"size":2.5}}""", 400, "invalid_request", "wrong_type", "/page/size" },
        { """{"page":{"after":"AAAA"}}""", 400, "cursor_invalid", "cursor_invalid", "/page/after" },
        { """{"page":{"after":"no cursor at all!"}}""", 400, "cursor_invalid", "cursor_invalid", "/page/after" },
        { """{"facets":[{"attribute":"brand","limit":0}]}""", 400, "limit_exceeded", "limit_exceeded", "/facets/0/limit" },
        { """{"facets":[{"attribute":"brand","limit":10001}]}""", 400, "limit_exceeded", "limit_exceeded", "/facets/0/limit" },
        { """{"querry":"monitor"}""", 400, "invalid_request", "unknown_member", "/querry" },
        { """{"must":[{"attribute":"brand","op":"eq","value":"Dell","boost":2}]}""", 400, "invalid_request", "unknown_member", "/must/0/boost" },
        { """{"must":[{"attribute":"brand","op":"eq","value":"Dell","weight":2}]}""", 400, "invalid_request", "unexpected_member", "/must/0/weight" },
        { """{"must":[{"attribute":"brand","op":"eq","values":["Dell"]}]}""", 400, "invalid_request", "missing_member", "/must/0" },
        { """{"must":[{"attribute":"brand","op":"in","values":[]}]}""", 400, "invalid_request", "empty_list", "/must/0/values" },
        { """{"must":[{"attribute":"brand","value":"Dell"}]}""", 400, "invalid_request", "missing_member", "/must/0" },
        { """{"must":[{"any":[{"attribute":"brand","op":"eq","value":"Dell"}],"attribute":"brand"}]}""", 400, "invalid_request", "invalid_constraint", "/must/0" },
        { """{"must":[{"all":[]}]}""", 400, "invalid_request", "empty_list", "/must/0/all" },
        { """{"must":{"attribute":"brand","op":"eq","value":"Dell"}}""", 400, "invalid_request", "wrong_type", "/must" },
        { """{"query":7}""", 400, "invalid_request", "wrong_type", "/query" },
        { """{"query_mode":"some"}""", 400, "invalid_request", "wrong_type", "/query_mode" },
        { """{"explain":"yes"}""", 400, "invalid_request", "wrong_type", "/explain" },
        { """[]""", 400, "invalid_request", "wrong_type", "" },
        { """{"query":"a","query":"b"}""", 400, "malformed_body", "duplicate_member", "/query" },
        { """{"must":[{"attribute":"brand","op":"eq","op":"eq","value":"Dell"}]}""", 400, "malformed_body", "duplicate_member", "/must/0/op" },
        { """{"query":"a\u0000b"}""", 400, "malformed_body", "nul_character", "/query" },
        { """{"must":[{"attribute":"brand","op":"eq","value":"\ud800"}]}""", 400, "malformed_body", "invalid_utf8", "/must/0/value" },
        { """{"query":"a"} {}""", 400, "malformed_body", "malformed_json", "" },
        { """{"query":"a",}""", 400, "malformed_body", "malformed_json", "/query" },
        { "", 400, "malformed_body", "malformed_json", "" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_names_its_code_and_the_place(string body, int status, string code, string errorCode, string pointer)
    {
        using var answer = await gateway.PostAsync(body);

        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.True(status == (int)answer.StatusCode && code == problem.GetProperty("code").GetString(), problem.ToString());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var error = problem.GetProperty("errors")[0];
        Assert.True(errorCode == error.GetProperty("code").GetString() && pointer == error.GetProperty("pointer").GetString(), problem.ToString());
    }

    [Fact]
    public async Task Unknown_attribute_is_refused_with_the_three_nearest_names()
    {
        using var answer = await gateway.PostAsync("""{"must":[{"attribute":"refresh_rat","op":"gte","value":1}]}""");

        var detail = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("detail").GetString()!;
        Assert.Contains("nearest are refresh_rate, ", detail, StringComparison.Ordinal);
        Assert.Equal(3, detail.Split("nearest are ")[1].Split(',').Length);
    }

    [Fact]
    public async Task Several_faults_are_told_at_once()
    {
        using var answer = await gateway.PostAsync("""
            {"must":[{"attribute":"nope","op":"eq","value":"x"},{"attribute":"weight","op":"gte","value":2,"unit":"cm"}],"sort":[{"by":"place"}]}
            """);

        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("invalid_request", problem.GetProperty("code").GetString());
        Assert.Equal(["unknown_attribute", "unit_not_convertible", "sort_not_supported"], problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()!));
    }

    [Fact]
    public async Task Ten_thousand_constraints_are_refused()
    {
        var constraints = new JsonArray([.. Enumerable.Range(0, 10_000).Select(_ => new JsonObject { ["attribute"] = "brand", ["op"] = "eq", ["value"] = "Dell" })]);

        using var answer = await gateway.PostAsync(new JsonObject { ["must"] = constraints }.ToJsonString());

        await AssertRefusedAsync(answer, HttpStatusCode.BadRequest, "too_many_constraints");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(200)]
    [InlineData(2000)]
    public async Task Groups_nested_too_deeply_are_refused(int levels)
    {
        const string leaf = """{"attribute":"brand","op":"eq","value":"Dell"}""";
        var body = "{\"must\":[" + string.Concat(Enumerable.Repeat("{\"not\":", levels)) + leaf + new string('}', levels) + "]}";

        using var answer = await gateway.PostAsync(body);

        await AssertRefusedAsync(answer, HttpStatusCode.BadRequest, "nesting_too_deep");
    }

    [Fact]
    public async Task Eight_levels_of_groups_are_answered()
    {
        var body = "{\"must\":[" + string.Concat(Enumerable.Repeat("{\"any\":[", 8)) + """{"attribute":"brand","op":"eq","value":"Dell"}""" + string.Concat(Enumerable.Repeat("]}", 8)) + "]}";

        using var answer = await gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Arrays_in_arrays_are_refused_as_nesting()
    {
        using var answer = await gateway.PostAsync("{\"must\":" + new string('[', 200) + new string(']', 200) + "}");

        await AssertRefusedAsync(answer, HttpStatusCode.BadRequest, "nesting_too_deep");
    }

    [Fact]
    public async Task Lists_beyond_their_limits_are_refused()
    {
        var values = string.Join(',', Enumerable.Range(0, 1001));
        using var longList = await gateway.PostAsync($$"""{"must":[{"attribute":"cores","op":"in","values":[{{values}}]}]}""");
        using var facets = await gateway.PostAsync("{\"facets\":[" + string.Join(',', Enumerable.Repeat("{\"attribute\":\"brand\"}", 201)) + "]}");
        using var words = await gateway.PostAsync("{\"query\":\"" + string.Join(' ', Enumerable.Repeat("a", 33)) + "\"}");
        using var query = await gateway.PostAsync("{\"query\":\"" + new string('a', 513) + "\"}");

        await AssertRefusedAsync(longList, HttpStatusCode.BadRequest, "limit_exceeded");
        await AssertRefusedAsync(facets, HttpStatusCode.BadRequest, "limit_exceeded");
        await AssertRefusedAsync(words, HttpStatusCode.BadRequest, "limit_exceeded");
        await AssertRefusedAsync(query, HttpStatusCode.BadRequest, "limit_exceeded");
    }

    [Fact]
    public async Task Invalid_utf8_is_refused()
    {
        using var content = new ByteArrayContent([.. "{\"query\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        using var answer = await gateway.Client.PostAsync("/v1/products/search", content);

        await AssertRefusedAsync(answer, HttpStatusCode.BadRequest, "malformed_body");
    }

    [Fact]
    public async Task Body_of_ten_megabytes_is_refused()
    {
        using var answer = await gateway.PostAsync("{\"query\":\"" + new string('a', 10 * 1024 * 1024) + "\"}");

        await AssertRefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Other_content_types_are_refused(string mediaType)
    {
        using var answer = await gateway.PostAsync("{}", mediaType);

        await AssertRefusedAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("/v1/products/search", "required")]
    [InlineData("/v1/products/search?q=%7B%7D", "invalid_base64url")]
    [InlineData("/v1/products/search?q=eyJxdWVycnkiOiJhIn0", "unknown_member")]
    public async Task Get_without_a_readable_search_is_refused(string address, string code)
    {
        using var answer = await gateway.Client.GetAsync(address);

        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, problem.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task Get_answers_the_same_and_304_while_nothing_changed()
    {
        const string search = """{"must":[{"attribute":"brand","op":"eq","value":"Dell"}],"facets":[{"attribute":"cores"}]}""";
        var address = "/v1/products/search?q=" + System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(search));

        using var posted = await gateway.PostAsync(search);
        using var got = await gateway.Client.GetAsync(address);
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(got.Headers.ETag!);
        using var unchanged = await gateway.Client.SendAsync(again);

        Assert.Equal(await posted.Content.ReadAsStringAsync(), await got.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        Assert.NotEmpty(got.Headers.GetValues("Catalog-Version"));
        Assert.NotEmpty(posted.Headers.GetValues("Catalog-Age"));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.True(status == answer.StatusCode && code == problem.GetProperty("code").GetString(), problem.ToString());
    }
}
