using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using CustobotGateway.Tests.Checkout;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>A shop whose people have programs that act for them: some buy, one manages what the others were granted.</summary>
public class DelegationFixture : ShopFixture
{
    /// <summary>For whom <see cref="ShopFixture.GrantAsync"/> grants.</summary>
    public const string Person = "buyer@example.com";

    public const string Manager = "household-app";

    public GrantContext Grants => App.Services.GetRequiredService<GrantContext>();

    /// <summary>A token of a client for a person.</summary>
    public string TokenOf(string client, string person, string[] scopes, string? grantId = null, Actor? actor = null, string resource = "/v1")
    {
        var (issuer, now) = (App.Services.GetRequiredService<PublicUrl>().Base, DateTimeOffset.FromUnixTimeSeconds(Clock.GetUtcNow().ToUnixTimeSeconds()));
        return new AccessToken
        {
            Issuer = issuer,
            Subject = person,
            Audience = issuer + resource,
            ClientId = client,
            GrantId = grantId,
            Actor = actor,
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(10),
            TokenId = Guid.NewGuid().ToString("n"),
            Scopes = ScopeSet.Of(scopes),
        }.Sign(App.Services.GetRequiredService<SigningKeyRing>().Current());
    }

    /// <summary>The program that manages the person's grants.</summary>
    public string ManagerToken => TokenOf(Manager, Person, [Scopes.GrantsManage]);

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string token, string? body = null, string? key = null, HttpClient? gateway = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        using var answer = await (gateway ?? Client).SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        return (answer.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes));
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> ManageAsync(HttpMethod method, string path, string? body = null, string? key = null) =>
        SendAsync(method, path, ManagerToken, body, key);

    /// <summary>Asks for an approval as a purchase does.</summary>
    public async Task<Approval> AskAsync(Agent agent, string reservation = "cks_test", long amount = 12_000, string note = "", TimeSpan? validity = null)
    {
        var offer = JsonElement.Parse($$"""{"currency":"USD","line_items":[{"title":"Monitor{{note}}","quantity":1,"total":{{amount}}}]}""");
        var purchase = new Purchase(reservation, new Money(amount, "USD"), [], offer);
        var principal = new AgentPrincipal("purchasing-bot", Person, agent.GrantId, false, []);
        return await WriteAsync(agent, transaction => Approvals.AskAsync(transaction, principal, purchase, agent.GrantId, Clock.GetUtcNow(), CancellationToken.None, validity));
    }

    /// <summary>Does something under the lock of the agent's grant.</summary>
    public async Task<T> WriteAsync<T>(Agent agent, Func<NpgsqlTransaction, Task<T>> write)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select 1 from identity.grants where id = @GrantId for update", new { agent.GrantId }, transaction);
        var result = await write(transaction);
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>Asks GraphQL; the answer's body.</summary>
    public async Task<JsonElement> QueryAsync(string query, string token, object? variables = null) =>
        (await SendAsync(HttpMethod.Post, "/graphql", token, JsonSerializer.Serialize(new { query, variables }))).Body;

    /// <summary>The program that manages the person's grants, at the GraphQL door.</summary>
    public string GraphQLManagerToken => TokenOf(Manager, Person, [Scopes.GrantsManage], resource: "/graphql");

    /// <summary>The types of a grant's events, in order.</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync(string grantId)
    {
        await using var connection = await OpenDatabaseAsync();
        return (await connection.QueryAsync<string>("select type from common.events where stream = @grantId order by version", new { grantId })).AsList();
    }
}
