using System.Net;
using System.Text;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog.Import;

public sealed class ImportTests(ImportFixture gateway) : IClassFixture<ImportFixture>, IAsyncLifetime
{
    [Fact]
    public async Task Rows_with_members_named_like_attributes_become_products()
    {
        var report = await gateway.ImportAsync("""
            {"id":"a","name":"One","weight":{"value":2.6,"unit":"lb"},"price":{"amount":100,"currency":"USD"},"category":"x","ports":["HDMI"]}
            {"id":2,"name":"Two","weight":"500 g","warehouse":[19.4,-99.1],"warranty":"P3Y","category":"x"}

            {"external_id":"c","id":"prd_0000000000001","name":"Three","panel_type":"in-plane switching"}
            """);

        report.AssertAddsUp();
        Assert.Equal((3, 3, 0), (report.Count("rows"), report.Count("created"), report.Count("refused")));
        var one = await gateway.GetAsync("/v1/products/external_id:a");
        Assert.Equal(1179.340162m, one.GetProperty("attributes").GetProperty("weight").GetProperty("value").GetDecimal());
        Assert.Equal("[lb_av]", one.GetProperty("given").GetProperty("weight").GetProperty("unit").GetString());
        Assert.Equal("feed", one.GetProperty("provenance").GetProperty("weight").GetProperty("source").GetString());
        Assert.Equal(36, (await gateway.GetAsync("/v1/products/external_id:2")).GetProperty("attributes").GetProperty("warranty").GetProperty("value").GetInt32());
        Assert.Equal("IPS", (await gateway.GetAsync("/v1/products/external_id:c")).GetProperty("attributes").GetProperty("panel_type").GetString());
        var coverage = report.GetProperty("coverage").EnumerateArray().Single(category => category.TryGetProperty("category", out var name) && name.GetString() == "x");
        Assert.Equal(2, coverage.Count("products"));
        Assert.Equal(1, coverage.GetProperty("attributes").EnumerateArray().Single(attribute => attribute.GetProperty("attribute").GetString() == "price").Count("filled"));
    }

    [Fact]
    public async Task Rows_at_fault_are_refused_with_line_attribute_and_reason_and_the_rest_is_taken()
    {
        var report = await gateway.ImportAsync("""
            {"id":"ok1","name":"One"}
            {"id":"a","slots":1.5}
            {"id":"b","weight":{"value":1,"unit":"s"}}
            {"id":"c","weight":{"value":1,"unit":"blorps"}}
            {"id":"d","price":{"amount":1,"currency":"XYZ"}}
            {"id":"e","gtin":"123"}
            {"id":"f","released":"soon"}
            {"id":"g","rating":1e300}
            {"name":"no id"}
            {"id":"h","name":"x"
            [1,2]
            {"id":"i","name":"a","name":"b"}
            {"id":"j","name":"\u0000"}
            {"id":"k"} {"id":"l"}
            {"id":"m","warehouse":[100,0]}
            {"id":"ok2","name":"Two","colour":"red"}
            """);

        report.AssertAddsUp();
        Assert.Equal(
            [
                (2, "wrong_type"), (3, "unit_not_convertible"), (4, "unknown_unit"), (5, "bad_currency"), (6, "bad_gtin"), (7, "bad_date"), (8, "number_out_of_range"), (9, "missing_id"),
                (10, "malformed_row"), (11, "malformed_row"), (12, "duplicate_member"), (13, "bad_text"), (14, "malformed_row"), (15, "bad_place"),
            ],
            report.Refusals());
        Assert.Equal("slots", report.GetProperty("refusals")[0].GetProperty("attribute").GetString());
        Assert.Equal(2, report.Count("created"));
        var left = Assert.Single(report.GetProperty("left_out").EnumerateArray());
        Assert.Equal(("colour", "unknown_attribute", 1), (left.GetProperty("member").GetString(), left.GetProperty("code").GetString(), left.Count("count")));
    }

    [Fact]
    public async Task Same_feed_again_changes_nothing_whatever_the_order_of_members()
    {
        await gateway.ImportAsync("""
            {"id":"a","name":"One","slots":3}
            {"id":"b","name":"Two","weight":"1 kg"}
            """);
        var before = await gateway.DumpAsync();
        var report = await gateway.ImportAsync("""
            {"weight":"1 kg","name":"Two","id":"b"}
            {"slots":3.0,"id":"a","name":"One"}
            """);

        Assert.Equal((2, 0, 0), (report.Count("unchanged"), report.Count("changed"), report.Count("created")));
        Assert.Equal(before, await gateway.DumpAsync());
    }

    [Fact]
    public async Task Product_that_was_put_by_request_as_the_feed_has_it_is_written_once_more_for_its_provenance_only()
    {
        await gateway.PutAsync("a", """{"name":"One"}""");
        var first = await gateway.ImportAsync("""{"id":"a","name":"One"}""");
        var second = await gateway.ImportAsync("""{"id":"a","name":"One"}""");

        Assert.Equal((1, 1), (first.Count("changed"), second.Count("unchanged")));
    }

    [Fact]
    public async Task Replacing_withdraws_what_the_feed_lacks_and_upserting_does_not()
    {
        const string feed = """{"id":"b","name":"B"}""";
        await gateway.ImportAsync("""
            {"id":"a","name":"A"}
            {"id":"b","name":"B"}
            """);
        var upserted = await gateway.ImportAsync(feed);
        var kept = await gateway.DumpAsync();
        var replaced = await gateway.ImportAsync(feed, query: "?mode=replace");

        Assert.Equal((0, 2), (upserted.Count("withdrawn"), kept.Count));
        Assert.Equal(1, replaced.Count("withdrawn"));
        Assert.Single(await gateway.DumpAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.GetAsync("/v1/products/external_id:a")).StatusCode);
    }

    [Fact]
    public async Task Replacing_keeps_a_product_whose_row_is_refused()
    {
        await gateway.ImportAsync("""{"id":"a","name":"A","slots":1}""");
        var report = await gateway.ImportAsync("""
            {"id":"a","slots":"many"}
            {"id":"b","name":"B"}
            """, query: "?mode=replace");

        Assert.Equal((0, 1), (report.Count("withdrawn"), report.Count("refused")));
        Assert.Equal(2, (await gateway.DumpAsync()).Count);
    }

    [Fact]
    public async Task Replacing_by_an_empty_feed_fails_and_changes_nothing()
    {
        await gateway.ImportAsync("""{"id":"a","name":"A"}""");
        var report = await gateway.ImportAsync("\n\n", query: "?mode=replace");

        Assert.Equal("failed", report.GetProperty("status").GetString());
        Assert.Equal("empty_feed", report.GetProperty("failure").GetProperty("code").GetString());
        Assert.Single(await gateway.DumpAsync());
    }

    [Fact]
    public async Task Of_rows_with_the_same_id_the_last_counts_and_the_others_are_reported()
    {
        var report = await gateway.ImportAsync("""
            {"id":"a","name":"first","category":"x"}
            {"id":"b","name":"B","category":"x"}
            {"id":"a","name":"last","category":"x"}
            """);

        report.AssertAddsUp();
        Assert.Equal([(1L, "duplicate_id")], report.Refusals());
        Assert.Equal("last", (await gateway.GetAsync("/v1/products/external_id:a")).GetProperty("attributes").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Numbers_follow_the_order_of_the_feed()
    {
        var feed = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $$"""{"id":"k{{(i * 7919) % 20_000}}","slots":{{i}}}"""));
        await gateway.ImportAsync(feed);

        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.Equal(0, await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from catalog.products where number <> (attributes->>'slots')::bigint + 1"));
    }

    [Fact]
    public async Task Import_goes_on_by_itself_after_the_database_was_away()
    {
        var feed = string.Join('\n', Enumerable.Range(0, 30_000).Select(i => $$"""{"id":"k{{i}}","slots":{{i}}}"""));
        var id = await gateway.BeginAsync(new StringContent(feed, Encoding.UTF8, "application/x-ndjson"));
        await using (var connection = await gateway.OpenDatabaseAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(connection, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await gateway.Client.GetAsync("/v1/imports/" + id, patience.Token)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(20, patience.Token);
        }
        var report = await gateway.EndOfAsync(id);

        report.AssertAddsUp();
        Assert.Equal(30_000, report.Count("created"));
    }

    [Fact]
    public async Task Table_is_read_by_rfc_4180()
    {
        var report = await gateway.ImportAsync(
            "id,name,weight,curved,ports,price\r\n"
            + "a,\"27\"\" monitor, curved\",1.5 kg,yes,HDMI|DP,12.50 USD\r\n"
            + "b,\"two\r\nlines\",,no,,\r\n"
            + "c,plain 27\" screen,heavy,,,\r\n"
            + "d,x,1,maybe,,,too many\r\n"
            + "e,\"never closed,1\r\n"
            + "f,after it,2 kg,,,\r\n", "text/csv");

        report.AssertAddsUp();
        Assert.Equal([(5, "wrong_type"), (6, "malformed_row"), (7, "malformed_row")], report.Refusals());
        var a = (await gateway.GetAsync("/v1/products/external_id:a")).GetProperty("attributes");
        Assert.Equal("27\" monitor, curved", a.GetProperty("name").GetString());
        Assert.Equal(1250, a.GetProperty("price").Count("amount"));
        Assert.Equal(2, a.GetProperty("ports").GetArrayLength());
        Assert.Equal("two\r\nlines", (await gateway.GetAsync("/v1/products/external_id:b")).GetProperty("attributes").GetProperty("name").GetString());
        Assert.Equal(2000, (await gateway.GetAsync("/v1/products/external_id:f")).GetProperty("attributes").GetProperty("weight").Count("value"));
    }

    [Fact]
    public async Task Tabs_separate_too()
    {
        var report = await gateway.ImportAsync("id\tname\tslots\na\tOne, two\t3\n", "text/tab-separated-values");

        Assert.Equal(1, report.Count("created"));
        Assert.Equal("One, two", (await gateway.GetAsync("/v1/products/external_id:a")).GetProperty("attributes").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Xml_rows_are_read_by_element_names()
    {
        var report = await gateway.ImportAsync("""
            <?xml version="1.0"?>
            <products><product id="a"><name>A &amp; B</name><slots>2</slots><ports>HDMI</ports><ports>DP</ports></product>
            <product><id>b</id><name><![CDATA[<b>]]></name><slots>two</slots></product></products>
            """, "application/xml");

        report.AssertAddsUp();
        Assert.Equal([(3L, "wrong_type")], report.Refusals());
        var a = (await gateway.GetAsync("/v1/products/external_id:a")).GetProperty("attributes");
        Assert.Equal("A & B", a.GetProperty("name").GetString());
        Assert.Equal(2, a.GetProperty("ports").GetArrayLength());
    }

    [Theory]
    [InlineData("""<!DOCTYPE x [<!ENTITY a "aaaa">]><x><product><id>a</id></product></x>""")]
    [InlineData("<x><product><id>a</id></product>")]
    [InlineData("<x><product><id>a</product></x>")]
    public async Task Xml_that_is_not_well_formed_or_has_a_dtd_fails_as_a_whole(string xml)
    {
        var report = await gateway.ImportAsync(xml, "application/xml");

        Assert.Equal("malformed_xml", report.GetProperty("failure").GetProperty("code").GetString());
        Assert.Empty(await gateway.DumpAsync());
    }

    [Fact]
    public async Task Compressed_feed_is_read()
    {
        var report = await gateway.EndOfAsync(await gateway.BeginAsync(ImportFixture.Gzip("""{"id":"a","name":"x"}"""u8.ToArray())));

        Assert.Equal(1, report.Count("created"));
    }

    [Fact]
    public async Task Compressed_bomb_is_refused_at_once()
    {
        var bomb = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bomb, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 100; i++)
            {
                gzip.Write(zeros);
            }
        }
        using var content = new ByteArrayContent(bomb.ToArray());
        content.Headers.ContentType = new("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await gateway.Admin.PostAsync("/v1/products:import", content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var problem = await GatewayFixture.ReadJsonAsync(answer);
        Assert.Equal("feed_refused", problem.GetProperty("code").GetString());
        Assert.Equal("decompression_bomb", problem.GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Empty(Directory.GetDirectories(Path.Combine(gateway.DataDirectory, "imports")));
    }

    [Fact]
    public async Task Several_files_are_one_feed_with_a_mapping_of_ones_own()
    {
        using var parts = new MultipartFormDataContent();
        parts.Add(new StringContent("""{"name":"mine","external_id":{"field":"sku"},"category":{"file":true},"fields":{"title":{"to":"name"},"kg":{"to":"weight","unit":"kg","confidence":0.5},"note":{"ignore":"for staff"}}}"""), "mapping");
        parts.Add(new StringContent("""{"sku":"a","title":"A","kg":1.5,"note":"x","more":1}"""), "file", "lamp.jsonl");
        parts.Add(new ByteArrayContent(Encoding.UTF8.GetBytes("sku,title,kg\nb,B,2\nc,,3\nd,D,heavy\n")), "file", "desk.csv");
        var report = await gateway.EndOfAsync(await gateway.BeginAsync(parts));

        report.AssertAddsUp();
        Assert.Equal("mine", report.GetProperty("mapping").GetString());
        Assert.Equal(3, report.Count("created"));
        Assert.Equal([(3L, "missing_name")], report.Refusals());
        Assert.Equal("desk.csv", report.GetProperty("refusals")[0].GetProperty("file").GetString());
        Assert.Equal(("weight", 4L), report.GetProperty("faults").EnumerateArray().Select(fault => (fault.GetProperty("attribute").GetString()!, fault.Count("line"))).Single());
        Assert.Equal(["ignored", "unmapped", "wrong_type"], report.GetProperty("left_out").EnumerateArray().Select(left => left.GetProperty("code").GetString()).Order());
        var a = await gateway.GetAsync("/v1/products/external_id:a");
        Assert.Equal((1500, "lamp"), (a.GetProperty("attributes").GetProperty("weight").Count("value"), a.GetProperty("attributes").GetProperty("category").GetString()!));
        Assert.Equal(0.5, a.GetProperty("provenance").GetProperty("weight").GetProperty("confidence").GetDouble());
        Assert.Equal("feed:mine", a.GetProperty("provenance").GetProperty("name").GetProperty("source").GetString());
    }

    [Fact]
    public async Task Category_comes_from_the_column_then_the_rows_form_then_the_files_name_then_the_constant()
    {
        const string mapping = """{"name":"mine","category":{"constant":"other","file":true,"recognise":[{"category":"monitor","has":["panel"]},{"category":"lamp","has":["lumen"]}],"column":"kind","values":{"TFT":"monitor"}},"fields":{"name":{"to":"name"}}}""";
        using var parts = new MultipartFormDataContent { { new StringContent(mapping), "mapping" } };
        parts.Add(new StringContent("""
            {"id":"a","name":"A","kind":"TFT","lumen":1}
            {"id":"b","name":"B","kind":"","lumen":null,"panel":"IPS"}
            {"id":"c","name":"C","lumen":1}
            {"id":"d","name":"D"}
            """), "file", "desk.2.jsonl");
        parts.Add(new StringContent("""{"id":"e","name":"E"}"""), "file", ".jsonl");
        await gateway.EndOfAsync(await gateway.BeginAsync(parts));

        var categories = new List<string>();
        foreach (var id in new[] { "a", "b", "c", "d", "e" })
        {
            categories.Add((await gateway.GetAsync("/v1/products/external_id:" + id)).GetProperty("attributes").GetProperty("category").GetString()!);
        }
        Assert.Equal(["monitor", "monitor", "lamp", "desk.2", "other"], categories);
    }

    [Fact]
    public async Task Second_import_meanwhile_is_refused_with_the_id_of_the_first()
    {
        using var pipe = new SlowContent();
        var first = gateway.Admin.PostAsync("/v1/products:import", pipe);
        while ((await gateway.GetAsync("/v1/imports")).GetProperty("imports").EnumerateArray().All(import => import.GetProperty("status").GetString() != "receiving"))
        {
            await Task.Delay(10);
        }
        using var second = await gateway.Admin.PostAsync("/v1/products:import", new StringContent("{}", Encoding.UTF8, "application/x-ndjson"));
        pipe.End();
        using var answer = await first;

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var problem = await GatewayFixture.ReadJsonAsync(second);
        Assert.Equal("import_in_progress", problem.GetProperty("code").GetString());
        var id = (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("id").GetString()!;
        Assert.Equal("/v1/imports/" + id, problem.GetProperty("remedy").GetProperty("link").GetString());
        Assert.Equal("completed", (await gateway.EndOfAsync(id)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("image/png", "", 415, "unsupported_media_type")]
    [InlineData("application/x-ndjson", "?mode=sideways", 400, "invalid_request")]
    [InlineData("application/x-ndjson", "?format=parquet", 400, "invalid_request")]
    [InlineData("application/x-ndjson", "?mapping=nobody", 422, "unknown_mapping")]
    [InlineData("multipart/form-data; boundary=x", "", 400, "malformed_feed")]
    public async Task Request_that_makes_no_import_is_a_clear_problem(string type, string query, int status, string code)
    {
        using var content = new StringContent("{}");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var answer = await gateway.Admin.PostAsync("/v1/products:import" + query, content);

        Assert.Equal((status, code), ((int)answer.StatusCode, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Import_that_never_was_is_not_found()
    {
        using var answer = await gateway.Client.GetAsync("/v1/imports/imp_nothing");

        Assert.Equal("import_not_found", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Import_without_the_token_is_refused()
    {
        using var answer = await gateway.Client.PostAsync("/v1/products:import", new StringContent("{}", Encoding.UTF8, "application/x-ndjson"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Row_beyond_the_limit_and_bytes_that_are_no_text_are_refused_and_the_next_row_is_read()
    {
        var feed = new List<byte>();
        feed.AddRange(Encoding.UTF8.GetBytes("{\"id\":\"long\",\"name\":\"" + new string('x', 3 << 20) + "\"}\n"));
        feed.AddRange([.. "{\"id\":\"bad\",\"name\":\""u8, 0xFF, 0xFE, .. "\"}\n"u8]);
        feed.AddRange("{\"id\":\"ok\",\"name\":\"y\"}"u8);
        using var content = new ByteArrayContent([.. feed]);
        content.Headers.ContentType = new("application/x-ndjson");
        var report = await gateway.EndOfAsync(await gateway.BeginAsync(content));

        report.AssertAddsUp();
        Assert.Equal([(1, "row_too_long"), (2, "invalid_utf8")], report.Refusals());
        Assert.Equal(1, report.Count("created"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?mapping=halves")]
    public async Task Half_surrogate_pairs_are_refused_wherever_they_stand(string query)
    {
        using var mapping = await gateway.SendAsync(HttpMethod.Put, "/v1/mappings/halves", """{"name":"halves","fields":{"name":{"to":"name"},"weight":{"to":"weight"}}}""");
        var report = await gateway.ImportAsync("""
            {"id":"a","name":"\ud800"}
            {"id":"b","name":"B","\udfff":1}
            {"id":"\ud800","name":"C"}
            {"id":"d","name":"D"}
            """, query: query);

        report.AssertAddsUp();
        Assert.All(report.Refusals(), refusal => Assert.Equal("bad_text", refusal.Code));
        Assert.Equal((3, 1), (report.Count("refused"), report.Count("created")));
    }

    [Fact]
    public async Task Mapping_that_was_registered_is_used_by_its_name()
    {
        const string mapping = """{"name":"shop","fields":{"naam":{"to":"name"}}}""";
        using var created = await gateway.SendAsync(HttpMethod.Put, "/v1/mappings/shop", mapping);
        using var wrong = await gateway.SendAsync(HttpMethod.Put, "/v1/mappings/shop", """{"name":"shop","fields":{"naam":{"to":"name","ignore":"x"}}}""");
        var report = await gateway.ImportAsync("""{"id":"a","naam":"Stoel"}""", query: "?mapping=shop");

        Assert.Equal([201, 422], new[] { created, wrong }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("invalid_mapping", (await GatewayFixture.ReadJsonAsync(wrong)).GetProperty("code").GetString());
        Assert.Equal(1, report.Count("created"));
        Assert.Contains("shop", (await gateway.GetAsync("/v1/mappings")).GetProperty("mappings").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains((await gateway.GetAsync("/v1/imports")).GetProperty("imports").EnumerateArray(), import => import.GetProperty("id").GetString() == report.GetProperty("id").GetString());
    }

    public Task InitializeAsync() => gateway.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    private sealed class SlowContent : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowContent() => Headers.ContentType = new("application/x-ndjson");

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"id\":\"slow\",\"name\":\"x\"}\n"u8.ToArray());
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
