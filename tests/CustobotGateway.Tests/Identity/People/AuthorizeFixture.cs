using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CustobotGateway.Identity.Seeding;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>A gateway with one person and clients of each kind.</summary>
public class AuthorizeFixture : PeopleFixture
{
    public const string Email = "alice@example.com";
    public const string WebUri = "https://shop-agent.example/callback";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Mandate = """[{"type":"purchase_mandate","actions":["purchase","quote"],"currency":"EUR","limits":{"per_item":8000,"per_order":15000,"period":{"amount":40000,"every":"P7D"},"total":100000},"max_orders":20,"categories":["it","office"],"approval_above":10000,"not_after":"2035-12-31T23:59:59Z"}]""";

    public string Issuer => BaseUrl;

    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public string PersonId { get; private set; } = "";

    public async Task<ApplySeed.Seeded> SeedAsync(string json)
    {
        var read = SeedFile.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(read.Succeeded, read.Problem?.Detail);
        var outcome = await App.Services.GetRequiredService<ApplySeed>().RunAsync(read.Value, CancellationToken.None);
        Assert.True(outcome.Succeeded, outcome.Problem?.Detail);
        await WaitForPolicyAsync();
        return outcome.Value;
    }

    /// <summary>Makes the person and the clients once.</summary>
    public async Task PrepareAsync()
    {
        if (PersonId.Length > 0)
        {
            return;
        }
        var seeded = await SeedAsync($$"""
            {"people":[{"email":"{{Email}}","password":"{{Password}}"}],
             "clients":[
               {"client_id":"web","client_secret":"web-secret","redirect_uris":["{{WebUri}}"],"grant_types":["authorization_code","refresh_token"],"scopes":["catalog:read","checkout","catalog:write","openid","offline_access"],"authorization_details_types":["purchase_mandate"]},
               {"client_id":"loopback","redirect_uris":["http://127.0.0.1/callback"],"scopes":["catalog:read"]},
               {"client_id":"app","redirect_uris":["com.example.app:/callback"],"scopes":["catalog:read"]},
               {"client_id":"two","client_secret":"s","redirect_uris":["https://a.example/cb","https://b.example/cb?x=1"],"scopes":["catalog:read"]},
               {"client_id":"par","client_secret":"par-secret","redirect_uris":["{{WebUri}}"],"scopes":["catalog:read"],"require_par":true},
               {"client_id":"machine","client_secret":"s","grant_types":["client_credentials"],"scopes":["catalog:read"],"redirect_uris":["{{WebUri}}"]},
               {"client_id":"tv","grant_types":["urn:ietf:params:oauth:grant-type:device_code","refresh_token"],"scopes":["catalog:read","checkout"],"authorization_details_types":["purchase_mandate"]}
             ]}
            """);
        PersonId = seeded.People[0].Id;
    }

    /// <summary>The address of an authorization request; a null value leaves a parameter out.</summary>
    public static string AuthorizeUrl(params (string Name, string? Value)[] changes)
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("client_id", "web"), ("redirect_uri", WebUri), ("response_type", "code"), ("scope", "catalog:read"), ("state", "st&=ä /1"),
            ("code_challenge", Challenge), ("code_challenge_method", "S256"),
        };
        foreach (var change in changes)
        {
            parameters.RemoveAll(parameter => parameter.Name == change.Name);
            parameters.Add(change);
        }
        return "/oauth/authorize?" + string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    /// <summary>A browser in which Alice is signed in.</summary>
    public async Task<PersonBrowser> AliceAsync()
    {
        await PrepareAsync();
        var browser = NewBrowser();
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.LogInAsync(Email, Password)).Status);
        return browser;
    }

    /// <summary>The parameters that an answer carries to the client.</summary>
    public static Dictionary<string, string> AnswerOf(PersonBrowser.Page page, string redirectUri = WebUri)
    {
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.StartsWith(redirectUri, page.Location, StringComparison.Ordinal);
        var pairs = page.Location!.Split('?', 2)[1].Split('&').Select(pair => pair.Split('=', 2)).ToList();
        Assert.Equal(pairs.Count, pairs.Select(pair => pair[0]).Distinct().Count());
        return pairs.ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
    }

    /// <summary>What the person's newest grant holds.</summary>
    public async Task<(string Id, string[] Scopes, JsonElement? Details)> NewestGrantAsync(string clientId)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = new Npgsql.NpgsqlCommand("select id, scopes, details::text from identity.grants where client_id = $1 order by created_at desc, id desc limit 1", connection)
        {
            Parameters = { new() { Value = clientId } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetString(0), reader.GetFieldValue<string[]>(1), reader.IsDBNull(2) ? null : JsonElement.Parse(reader.GetString(2)));
    }

    public async Task<int> GrantCountAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = new Npgsql.NpgsqlCommand("select count(*)::int from identity.grants", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task WaitForPolicyAsync()
    {
        var policies = App.Services.GetRequiredService<CustobotGateway.Identity.AuthorizationServer.ServerPolicySource>();
        await policies.ReadAsync(CancellationToken.None);
    }
}
