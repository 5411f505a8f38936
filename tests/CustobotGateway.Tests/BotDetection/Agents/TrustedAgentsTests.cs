using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;
using CustobotGateway.Tests.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CustobotGateway.Tests.BotDetection.Agents;

/// <summary>The merchant says whose signatures are believed.</summary>
public sealed class TrustedAgentsTests(TrustedAgentsTests.Gateway gateway) : IClassFixture<TrustedAgentsTests.Gateway>
{
    private const string Agents = "/v1/bot-detection/agents";
    private const string PublicKey = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    /// <summary>A gateway that may fetch from one server next door, which publishes a directory.</summary>
    public sealed class Gateway : AgentsFixture, IAsyncLifetime
    {
        private WebApplication? _publisher;

        public string Publisher { get; private set; } = "";

        /// <summary>What the directory holds.</summary>
        public SigningKey Published { get; set; } = SigningKey.Create();

        async Task IAsyncLifetime.InitializeAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _publisher = builder.Build();
            _publisher.MapGet(KeyDirectory.Path, () => Results.Bytes(KeyDirectory.Write([Published.Public]), KeyDirectory.MediaType));
            await _publisher.StartAsync();
            Publisher = _publisher.Urls.First();
            await StartTrustingAsync();
        }

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await _publisher!.DisposeAsync();
        }

        protected override void ConfigureServices(IServiceCollection services)
        {
            base.ConfigureServices(services);
            var options = new FetchOptions { AllowedHosts = new Uri(Publisher).Authority };
            services.AddSingleton(options).AddSingleton(new GuardedFetch(options));
        }
    }

    [Fact]
    public async Task Agent_is_added_listed_believed_and_removed()
    {
        using var key = SigningKey.Create();
        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));

        var added = await AddAsync(new { agent = "https://new.example", keys = new[] { Jwk(key) } });
        var id = added.GetProperty("id").GetString();
        Assert.Equal([key.Public.Thumbprint], added.GetProperty("key_ids").EnumerateArray().Select(one => one.GetString()));
        Assert.Contains(id, await ListAsync());
        Assert.Equal("https://new.example", (await gateway.AskAsync(gateway.Sign(gateway.Authority, key))).GetProperty("agent").GetString());

        using var removed = await gateway.Admin.DeleteAsync($"{Agents}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.DoesNotContain(id, await ListAsync());
        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));
        using var again = await gateway.Admin.DeleteAsync($"{Agents}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Every_change_is_written_down()
    {
        var added = await AddAsync(new { agent = "https://audited.example", keys = new[] { JsonElement.Parse(PublicKey) } });
        using var removed = await gateway.Admin.DeleteAsync($"{Agents}/{added.GetProperty("id").GetString()}");
        await gateway.App.Services.GetRequiredService<AuditTrail>().WhenWrittenAsync(TimeSpan.FromSeconds(10));

        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.Equal(["trusted_agent.saved", "trusted_agent.removed"], await connection.QueryAsync<string>(
            "select type from common.events where stream = @stream order by version", new { stream = "trusted_agent:" + added.GetProperty("id").GetString() }));
        Assert.Equal(2, await connection.QuerySingleAsync<int>(
            "select count(*) from identity.audit where kind in ('trusted_agent.save', 'trusted_agent.remove') and detail ->> 'agent' = 'https://audited.example'"));
    }

    [Fact]
    public async Task Same_agent_again_gets_other_keys()
    {
        using var key = SigningKey.Create();
        var first = await AddAsync(new { agent = "https://again.example", keys = new[] { JsonElement.Parse(PublicKey) } });
        var second = await AddAsync(new { agent = "https://again.example", keys = new[] { Jwk(key) } });

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, key)));
    }

    [Fact]
    public async Task Keys_of_an_agent_come_from_its_directory_and_change_in_mid_flight()
    {
        var added = await AddAsync(new { agent = gateway.Publisher });
        Assert.Equal(gateway.Publisher + KeyDirectory.Path, added.GetProperty("directory").GetString());
        var agent = ("Signature-Agent", $"\"{gateway.Publisher}\"");
        var old = gateway.Published;
        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, old, headers: agent)));
        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, old)));

        gateway.Published = SigningKey.Create();
        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, gateway.Published, headers: agent)));
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("verified", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, gateway.Published, headers: agent)));
        Assert.Equal("unknown_key", await gateway.ReasonAsync(gateway.Sign(gateway.Authority, gateway.Published, headers: ("Signature-Agent", "\"https://other.example\""))));
    }

    [Theory]
    [InlineData("""{"agent":"http://agent.example"}""", "/agent")]
    [InlineData("""{"agent":"https://user@agent.example"}""", "/agent")]
    [InlineData("""{"agent":"agent"}""", "/agent")]
    [InlineData("""{"agent":"https://agent.example","directory":"ftp://agent.example"}""", "/directory")]
    [InlineData("""{"agent":"https://agent.example","authority":"not a host"}""", "/authority")]
    [InlineData("""{"agent":"https://agent.example","keys":[]}""", "/keys")]
    [InlineData("""{"agent":"https://agent.example","keys":[{"kty":"oct","k":"AAAA"}]}""", "/keys/0")]
    [InlineData("""{"agent":"https://agent.example","keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"}]}""", "/keys/0")]
    public async Task Agent_that_nobody_could_be_known_by_is_refused(string body, string pointer)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await gateway.Admin.PostAsync(Agents, content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(pointer, (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("?size=0")]
    [InlineData("?size=101")]
    [InlineData("?after=%00")]
    public async Task List_is_asked_for_in_its_form(string query)
    {
        using var answer = await gateway.Admin.GetAsync(Agents + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task List_goes_on_from_page_to_page()
    {
        await AddAsync(new { agent = "https://one.example", keys = new[] { JsonElement.Parse(PublicKey) } });
        var all = await ListAsync();
        var paged = new List<string?>();
        string? after = null;
        do
        {
            var page = await gateway.Admin.GetFromJsonAsync<JsonElement>($"{Agents}?size=1{(after is null ? "" : "&after=" + after)}");
            paged.AddRange(page.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("id").GetString()));
            after = page.GetProperty("page").TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null && paged.Count < 100);

        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task Caller_learns_how_its_signature_was_read()
    {
        var unsigned = await gateway.Client.GetFromJsonAsync<JsonElement>("/v1/bot-detection/signature");
        Assert.Equal((false, false, "no_signature"), (unsigned.GetProperty("signed").GetBoolean(), unsigned.GetProperty("verified").GetBoolean(), unsigned.GetProperty("reason").GetString()));
        Assert.Contains("web-bot-auth", unsigned.GetProperty("remedy").GetProperty("text").GetString(), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/bot-detection/signature");
        foreach (var (name, value) in gateway.Sign(gateway.Authority, target: "/v1/bot-detection/signature"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await gateway.Client.SendAsync(request);
        var read = await GatewayFixture.ReadJsonAsync(answer);

        Assert.Equal((true, "verified", AgentsFixture.Agent), (read.GetProperty("verified").GetBoolean(), read.GetProperty("reason").GetString(), read.GetProperty("agent").GetString()));
    }

    private static JsonElement Jwk(SigningKey key) => JsonElement.Parse(KeyDirectory.Write([key.Public])).GetProperty("keys")[0];

    private async Task<JsonElement> AddAsync(object body)
    {
        using var answer = await gateway.Admin.PostAsJsonAsync(Agents, body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await GatewayFixture.ReadJsonAsync(answer);
    }

    private async Task<List<string?>> ListAsync()
    {
        var page = await gateway.Admin.GetFromJsonAsync<JsonElement>(Agents + "?size=100");
        return [.. page.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("id").GetString())];
    }
}
