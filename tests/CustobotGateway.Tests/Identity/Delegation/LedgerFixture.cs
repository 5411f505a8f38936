using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Tests.Checkout;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CustobotGateway.Tests.Identity.Delegation;

/// <summary>A shop with whole mandates, and the ledger as an operation of its own.</summary>
public class LedgerFixture : ShopFixture
{
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    public Ledger Ledger => App.Services.GetRequiredService<Ledger>();

    public NpgsqlDataSource Database => App.Services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>A grant with a mandate of these members besides type, actions and currency, and an agent that holds its token.</summary>
    public async Task<Agent> GrantAsync(string members, string? timeZone = null, string currency = "USD")
    {
        using var answer = await Admin.PostAsJsonAsync("/v1/grants", new
        {
            client_id = "purchasing-bot",
            person = "buyer@example.com",
            time_zone = timeZone,
            authorization_details = new[] { JsonNode.Parse($$"""{"type":"purchase_mandate","actions":["quote","purchase"],"currency":"{{currency}}"{{(members.Length > 0 ? "," + members : "")}}}""") },
        });
        var grant = await ReadJsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, grant.GetRawText());
        return new Agent(this, grant.GetProperty("id").GetString()!, grant.GetProperty("token").GetString()!);
    }

    /// <summary>A product with these attributes besides name and price.</summary>
    public async Task<string> AddProductAsync(long price, string attributes)
    {
        var product = await base.AddProductAsync(price);
        Assert.True(Ids.TryGetNumber("prd", product, out var number));
        await using var connection = await OpenDatabaseAsync();
        await connection.ExecuteAsync("update catalog.products set attributes = attributes || @attributes::jsonb where number = @number", new { attributes, number });
        return product;
    }

    public static AgentPrincipal PrincipalOf(Agent agent) => new("purchasing-bot", "buyer@example.com", agent.GrantId, false, []);

    public static Purchase PurchaseOf(string reservation, long amount, string currency = "USD") => new(
        reservation, new Money(amount, currency), [new PurchaseLine("prd_1", "A thing", 1, amount, JsonElement.Parse("""{"category":"laptop"}"""))],
        JsonElement.Parse($$"""{"currency":"{{currency}}","total":{{amount}}}"""));

    public Task<Authorisation> AuthoriseAsync(Agent agent, string reservation, long amount, string currency = "USD", NpgsqlDataSource? database = null) => RunAsync(
        transaction => Ledger.AuthoriseAsync(transaction, PrincipalOf(agent), PurchaseOf(reservation, amount, currency), Hold, Clock.GetUtcNow(), CancellationToken.None), database);

    public Task<Problem?> CommitAsync(Agent agent, string reservation, long amount, string currency = "USD") => RunAsync(
        transaction => Ledger.CommitAsync(transaction, PrincipalOf(agent), new Money(amount, currency), reservation, Clock.GetUtcNow(), CancellationToken.None));

    public Task<bool> ReleaseAsync(Agent agent, string reservation) => RunAsync(
        transaction => Ledger.ReleaseAsync(transaction, PrincipalOf(agent), reservation, Clock.GetUtcNow(), CancellationToken.None));

    public Task<RefundResult> RefundAsync(Agent agent, string reservation, string refund, long amount, string currency = "USD") => RunAsync(
        transaction => Ledger.RefundAsync(transaction, agent.GrantId, reservation, refund, new Money(amount, currency), "staff", Clock.GetUtcNow(), CancellationToken.None));

    /// <summary>Pays at once.</summary>
    public async Task<Problem?> PayAsync(Agent agent, string reservation, long amount) =>
        (await AuthoriseAsync(agent, reservation, amount)).Refusal ?? await CommitAsync(agent, reservation, amount);

    public async Task<T> RunAsync<T>(Func<NpgsqlTransaction, Task<T>> step, NpgsqlDataSource? database = null)
    {
        await using var connection = await (database ?? Database).OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var result = await step(transaction);
        await transaction.CommitAsync();
        return result;
    }

    /// <summary>The budget as staff read it, at that time.</summary>
    public async Task<GetRemaining.Budget> BudgetAsync(string grantId, TimeProvider? clock = null) =>
        (await GetRemaining.RunAsync(App.Services.GetRequiredService<GrantContext>() with { Clock = clock ?? Clock }, new GrantActor.Staff(AgentPrincipal.Administrator), grantId, CancellationToken.None)).Value;
}
