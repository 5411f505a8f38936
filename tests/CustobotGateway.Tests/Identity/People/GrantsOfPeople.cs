using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Grants that a person gave on the consent page, and what their agents do with them.</summary>
public static class GrantsOfPeople
{
    public const string Product = """{"category":"laptop","repairability_index":8}""";

    /// <summary>Lets the person of the browser agree to what the client asks; the grant's id.</summary>
    public static async Task<string> GrantAsync(this AuthorizeFixture gateway, PersonBrowser browser, string mandate = Mandate, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetAsync(AuthorizeUrl(("authorization_details", mandate), ("scope", "checkout offline_access")));
        AnswerOf(await browser.SubmitAsync(page, [("decision", "allow"), .. fields]));
        return (await gateway.NewestGrantAsync("web")).Id;
    }

    /// <summary>The agent of a grant.</summary>
    public static AgentPrincipal AgentOf(string grantId) => new("web", null, grantId, false, []);

    /// <summary>An offer of one product.</summary>
    public static Purchase PurchaseOf(string reservation, long amount, string title = "A laptop") => new(
        reservation, new Money(amount, "EUR"), [new PurchaseLine("prd_1", title, 1, amount, JsonElement.Parse(Product))],
        JsonElement.Parse($$"""
            {"currency":"EUR","line_items":[{"id":"li_1","product_id":"prd_1","title":{{JsonSerializer.Serialize(title)}},"quantity":1,"list_price":{{amount + 500}},"unit_price":{{amount}},"total":{{amount}}}],
             "totals":[{"type":"subtotal","amount":{{amount + 500}}},{"type":"items_discount","amount":-500},{"type":"total","amount":{{amount}}}]}
            """));

    /// <summary>The agent asks for more than it may buy without asking.</summary>
    public static Task<Approval> AskAsync(this AuthorizeFixture gateway, string grantId, string reservation, long amount = 12_000, string title = "A laptop", TimeSpan? validity = null) =>
        gateway.WriteAsync(grantId, transaction => Approvals.AskAsync(
            transaction, AgentOf(grantId), PurchaseOf(reservation, amount, title), grantId, gateway.Clock.GetUtcNow(), CancellationToken.None, validity));

    /// <summary>The agent buys.</summary>
    public static Task<Problem?> BuyAsync(this AuthorizeFixture gateway, string grantId, string reservation, long amount) => gateway.WriteAsync<Problem?>(grantId, async transaction =>
    {
        var now = gateway.Clock.GetUtcNow();
        var ledger = gateway.App.Services.GetRequiredService<Ledger>();
        var authorisation = await ledger.AuthoriseAsync(transaction, AgentOf(grantId), PurchaseOf(reservation, amount), TimeSpan.FromMinutes(2), now, CancellationToken.None);
        return authorisation.Refusal ?? await Ledger.CommitAsync(transaction, AgentOf(grantId), new Money(amount, "EUR"), reservation, now, CancellationToken.None);
    });

    private static async Task<T> WriteAsync<T>(this AuthorizeFixture gateway, string grantId, Func<NpgsqlTransaction, Task<T>> write)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("select 1 from identity.grants where id = $1 for update", connection, transaction) { Parameters = { new() { Value = grantId } } })
        {
            await command.ExecuteNonQueryAsync();
        }
        var result = await write(transaction);
        await transaction.CommitAsync();
        return result;
    }
}
