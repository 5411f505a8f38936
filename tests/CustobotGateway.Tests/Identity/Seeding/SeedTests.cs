using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;
using CustobotGateway.Identity.Seeding;
using CustobotGateway.Tests.Identity.People;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Identity.Seeding;

/// <summary>A seed is taken as a whole or not at all, and again changes nothing.</summary>
public sealed class SeedTests(PeopleFixture gateway) : IClassFixture<PeopleFixture>
{
    private const string Whole = """
        {"people":[{"email":"Bob@example.com","password":"correct horse battery","roles":["viewer","policy_editor"]},{"email":"carol@example.com","password":"correct horse battery","roles":[]}],
         "clients":[
           {"client_id":"seed-web","client_secret":"secret","redirect_uris":["https://a.example/cb","http://127.0.0.1/cb","http://localhost:9000/cb"],"grant_types":["authorization_code","refresh_token","client_credentials","urn:ietf:params:oauth:grant-type:token-exchange"],
            "token_endpoint_auth_method":"client_secret_post","scopes":["catalog:read","checkout","custom:read"],"authorization_details_types":["purchase_mandate"],"resources":["/v1","/custom","https://api.example/x"],
            "refresh":"static","require_dpop":true,"require_par":true},
           {"client_id":"seed-keys","jwks":{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]},"grant_types":["client_credentials"]},
           {"client_id":"seed-public","redirect_uris":["com.example.app:/cb"]}],
         "resources":[{"resource":"/custom","scopes":["custom:read"]},{"resource":"https://api.example/x","scopes":["x"]},{"resource":"/v1","scopes":["more"]}],
         "delegations":[{"person":"carol@example.com","client_id":"seed-web","scopes":["checkout"],"authorization_details":[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":5000}}]},
                        {"person":"bob@example.com","client_id":"seed-public"}],
         "trusted_agents":[{"agent":"https://agent.example/","authority":"agent.example","keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}]}
        """;

    [Fact]
    public async Task The_same_file_again_gives_the_same_ids_and_changes_nothing()
    {
        var first = await ApplyAsync(Whole);
        var before = await StateAsync();

        var second = await ApplyAsync(Whole);

        Assert.True(first.Succeeded, first.Problem?.Detail);
        Assert.Equal(JsonSerializer.Serialize(first.Value, Json.Options), JsonSerializer.Serialize(second.Value, Json.Options));
        Assert.Equal(before, await StateAsync());
        Assert.StartsWith("usr_", first.Value.People[0].Id, StringComparison.Ordinal);
        Assert.StartsWith("grt_", first.Value.Delegations[0].GrantId, StringComparison.Ordinal);
        Assert.Equal(first.Value.People[1].Id, first.Value.Delegations[0].PersonId);
        Assert.StartsWith("agt_", first.Value.TrustedAgents[0].Id, StringComparison.Ordinal);
        Assert.Equal([gateway.BaseUrl + "/custom", "https://api.example/x", gateway.BaseUrl + "/v1"], first.Value.Resources.Select(resource => resource.Resource));
    }

    [Fact]
    public async Task A_seeded_person_signs_in_with_its_roles()
    {
        await ApplyAsync(Whole);
        using var browser = gateway.NewBrowser();

        await browser.LogInAsync("bob@EXAMPLE.com", PeopleFixture.Password);

        Assert.Contains("staff", (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_file_says_otherwise_is_changed_to_it()
    {
        await ApplyAsync("""{"people":[{"email":"dora@example.com","password":"first password"}]}""");
        var changed = await ApplyAsync("""{"people":[{"email":"DORA@example.com","password":"second password","roles":["viewer"]}]}""");
        using var browser = gateway.NewBrowser();

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await browser.LogInAsync("dora@example.com", "first password")).Status);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await browser.LogInAsync("dora@example.com", "second password")).Status);
        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.Equal(["viewer"], (await FindPerson.ByIdAsync(connection, changed.Value.People[0].Id, CancellationToken.None))!.Roles.Select(StaffRoles.NameOf));
    }

    [Theory]
    [InlineData("""{"persons":[]}""", "/persons")]
    [InlineData("""{"people":[{"email":"a@b.c","password":"12345678","role":"viewer"}]}""", "/people/0/role")]
    [InlineData("""{"people":[{"email":"a@b.c"}]}""", "/people/0/password")]
    [InlineData("""{"people":[{"email":"no address","password":"12345678"}]}""", "/people/0/email")]
    [InlineData("""{"people":[{"email":"a@b.c","password":""}]}""", "/people/0/password")]
    [InlineData("""{"people":[{"email":"a@b.c","password":"12345678","roles":["king"]}]}""", "/people/0/roles/0")]
    [InlineData("""{"people":[{"email":"a@b.c","password":"12345678"},{"email":"A@B.C","password":"12345678"}]}""", "/people/1/email")]
    [InlineData("""{"people":null}""", "/people")]
    [InlineData("""{"clients":[{"client_id":"x","client_name":"y"}]}""", "/clients/0/client_name")]
    [InlineData("""{"clients":[{"client_id":"x","grant_types":["password"]}]}""", "/clients/0/grant_types/0")]
    [InlineData("""{"clients":[{"client_id":"x","redirect_uris":["http://evil.example/"]}]}""", "/clients/0/redirect_uris/0")]
    [InlineData("""{"clients":[{"client_id":"x","token_endpoint_auth_method":"client_secret_basic","redirect_uris":["https://a.example/"]}]}""", "/clients/0/token_endpoint_auth_method")]
    [InlineData("""{"clients":[{"client_id":"x","grant_types":["client_credentials"]}]}""", "/clients/0/grant_types")]
    [InlineData("""{"clients":[{"client_id":"x","jwks":{"keys":[{"kty":"oct","k":"AA"}]},"grant_types":["client_credentials"]}]}""", "/clients/0/jwks")]
    [InlineData("""{"clients":[{"client_id":"x","redirect_uris":["https://a.example/"],"refresh":"static"}]}""", "/clients/0/refresh")]
    [InlineData("""{"clients":[{"client_id":"x","redirect_uris":["https://a.example/"],"authorization_details_types":["other"]}]}""", "/clients/0/authorization_details_types/0")]
    [InlineData("""{"resources":[{"resource":"no uri"}]}""", "/resources/0/resource")]
    [InlineData("""{"resources":[{"resource":"/x","scopes":["two words"]}]}""", "/resources/0/scopes/0")]
    [InlineData("""{"delegations":[{"person":"nobody@example.com","client_id":"x"}]}""", "/delegations/0/person")]
    [InlineData("""{"trusted_agents":[{"agent":"a","authority":"b","keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}]}""", "/trusted_agents/0/keys/0")]
    [InlineData("""{"people":[]""", "")]
    [InlineData("[]", "")]
    public async Task A_fault_is_told_with_its_place_and_nothing_is_taken(string json, string pointer)
    {
        var before = await StateAsync();

        var outcome = await ApplyAsync(json);

        Assert.False(outcome.Succeeded);
        Assert.Contains(outcome.Problem!.Errors, error => error.Pointer == pointer);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_fault_at_the_end_takes_back_what_came_before_it()
    {
        var before = await StateAsync();

        var outcome = await ApplyAsync("""
            {"people":[{"email":"erin@example.com","password":"12345678"}],"clients":[{"client_id":"late","redirect_uris":["https://a.example/"],"scopes":["catalog:read"]}],
             "delegations":[{"person":"erin@example.com","client_id":"late","scopes":["checkout"]}]}
            """);

        Assert.Equal("/delegations/0/scopes", Assert.Single(outcome.Problem!.Errors).Pointer);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Once_a_gateway_served_in_production_mode_seeding_is_refused()
    {
        var production = new ProductionGateway();
        await production.InitializeAsync();
        try
        {
            for (var tries = 0; tries < 100; tries++)
            {
                await using var connection = await production.OpenDatabaseAsync();
                if (await connection.QuerySingleAsync<bool>("select exists (select from identity.deployment)"))
                {
                    break;
                }
                await Task.Delay(50);
            }

            var outcome = await production.App.Services.GetRequiredService<ApplySeed>().RunAsync(new SeedFile(), CancellationToken.None);

            Assert.Contains("production", outcome.Problem!.Detail, StringComparison.Ordinal);
        }
        finally
        {
            await production.DisposeAsync();
        }
    }

    private sealed class ProductionGateway : PeopleFixture
    {
        protected override GatewaySettings Configure(GatewaySettings settings) => settings with { Production = true };
    }

    private async Task<Outcome<ApplySeed.Seeded>> ApplyAsync(string json)
    {
        var read = SeedFile.Read(Encoding.UTF8.GetBytes(json));
        return read.Succeeded ? await gateway.App.Services.GetRequiredService<ApplySeed>().RunAsync(read.Value, CancellationToken.None) : read.Problem!;
    }

    private async Task<List<string>> StateAsync()
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        return [.. await connection.QueryAsync<string>("""
            select p::text from identity.people p union all select c::text from identity.clients c union all select r::text from identity.resources r
            union all select g::text from identity.grants g union all select a::text from identity.trusted_agents a
            union all select e.stream || e.version from common.events e union all select v::text from identity.versions v order by 1
            """)];
    }
}
