using CustobotGateway.Common;
using CustobotGateway.OAuth.Mandates;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What the mandates of a grant still allow.</summary>
public static class GetRemaining
{
    /// <summary>The budget of a grant at one instant, in whole minor units of <paramref name="Currency"/>. With several mandates it is the first's, and all are in <paramref name="Mandates"/>.</summary>
    /// <param name="GrantId">The grant.</param>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Total">The mandate's limit for all orders; null without one.</param>
    /// <param name="Spent">Paid and not refunded.</param>
    /// <param name="Held">Held for orders that are being paid.</param>
    /// <param name="Remaining">What further orders may come to together; null where the mandate limits neither all orders nor those of a period.</param>
    /// <param name="PerOrder">What one order may come to; null without a limit.</param>
    /// <param name="PerItem">What one piece of a product may cost; null without a limit.</param>
    /// <param name="Period">The current period; null without a limit.</param>
    /// <param name="Orders">How many orders.</param>
    /// <param name="ApprovalAbove">A purchase of more than this waits for the person; null where none waits.</param>
    /// <param name="Status">Whether anything can be bought at all: <c>active</c>, <c>paused</c>, <c>revoked</c> or <c>expired</c>.</param>
    /// <param name="Revoked">Whether the grant was revoked; nothing can be bought then, whatever remains.</param>
    /// <param name="Mandates">Each mandate's budget, where a grant has several; they are never summed. Else null.</param>
    public sealed record Budget(
        string GrantId, string Currency, long? Total, long Spent, long Held, long? Remaining, long? PerOrder, long? PerItem, PeriodBudget? Period, OrderBudget Orders,
        long? ApprovalAbove, GrantStatus Status, bool Revoked, IReadOnlyList<MandateBudget>? Mandates);

    /// <summary>One mandate's budget.</summary>
    /// <param name="MandateId">The mandate.</param>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Total">The limit for all orders; null without one.</param>
    /// <param name="Spent">Paid and not refunded.</param>
    /// <param name="Held">Held for orders that are being paid.</param>
    /// <param name="Remaining">What further orders may come to together; null where neither all orders nor those of a period are limited.</param>
    /// <param name="PerOrder">What one order may come to; null without a limit.</param>
    /// <param name="PerItem">What one piece of a product may cost; null without a limit.</param>
    /// <param name="Period">The current period; null without a limit.</param>
    /// <param name="Orders">How many orders.</param>
    /// <param name="ApprovalAbove">A purchase of more than this waits for the person; null where none waits.</param>
    public sealed record MandateBudget(
        string MandateId, string Currency, long? Total, long Spent, long Held, long? Remaining, long? PerOrder, long? PerItem, PeriodBudget? Period, OrderBudget Orders,
        long? ApprovalAbove);

    /// <summary>What the orders of a period may come to.</summary>
    /// <param name="Amount">The limit.</param>
    /// <param name="Every">The period's length, such as <c>P7D</c>.</param>
    /// <param name="Window"><c>sliding</c> or <c>calendar</c>.</param>
    /// <param name="Spent">What was paid in it and not refunded.</param>
    /// <param name="Held">Held for orders that are being paid.</param>
    /// <param name="Remaining">What further orders may come to in it.</param>
    /// <param name="From">When it began.</param>
    /// <param name="Until">When it ends; null for a sliding window, which moves with the time.</param>
    public sealed record PeriodBudget(long Amount, string Every, string Window, long Spent, long Held, long Remaining, DateTimeOffset From, DateTimeOffset? Until);

    /// <summary>How many orders.</summary>
    /// <param name="Max">The limit; null without one.</param>
    /// <param name="Used">Paid, or being paid.</param>
    /// <param name="Remaining">How many more; null without a limit.</param>
    public sealed record OrderBudget(int? Max, int Used, int? Remaining);

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/{id}/remaining", HandleAsync).WithName("getRemaining").RequireGrantReader()
        .WithSummary("Read what a mandate still allows")
        .WithDescription("For the agent that holds the grant, a client that manages the person's grants, and staff. All amounts are derived from the ledger at one instant; what a mandate does not limit is left out.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<Ok<Budget>, ProblemHttpResult>> HandleAsync(string id, AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken) =>
        (await RunAsync(grants, GrantActor.Of(agent), id, cancellationToken)).ToHttp();

    /// <summary>Reads the budget; there is none of a grant without a mandate.</summary>
    public static async Task<Outcome<Budget>> RunAsync(GrantContext grants, GrantActor actor, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var row = grants.Note("grant.read", actor, id, await GrantRow.AllowAsync(connection, null, id, actor, GrantRight.Read, cancellationToken));
        if (!row.Succeeded)
        {
            return row.Problem!;
        }
        return await ReadAsync(connection, row.Value, actor.Caller.NowBy(grants.Clock), cancellationToken) is { } budget
            ? budget
            : CommonProblems.NotFound.With($"The grant {id} holds no mandate, and so no budget.");
    }

    /// <summary>The budget, for who has been let see the grant; null if there is no such grant, or none with a mandate.</summary>
    public static async Task<Budget?> ReadAsync(NpgsqlConnection connection, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await GrantRow.FindAsync(connection, null, id, new GrantActor.Staff(AgentPrincipal.Anonymous), cancellationToken) is { } row
            ? await ReadAsync(connection, row, now, cancellationToken)
            : null;

    private static async Task<Budget?> ReadAsync(NpgsqlConnection connection, GrantRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (GrantedMandates.Of(row.Id, row.Mandate, row.Details) is not { Count: > 0 } mandates)
        {
            return null;
        }
        var uses = await LedgerRows.UsageAsync(connection, row.Id, mandates, TimeZones.Find(row.TimeZone), now, cancellationToken);
        MandateBudget[] budgets = [.. mandates.Zip(uses, BudgetOf)];
        var first = budgets[0];
        return new Budget(row.Id, first.Currency, first.Total, first.Spent, first.Held, first.Remaining, first.PerOrder, first.PerItem, first.Period, first.Orders, first.ApprovalAbove,
            row.StatusAt(now), row.RevokedAt is not null, budgets.Length > 1 ? budgets : null);
    }

    private static MandateBudget BudgetOf(GrantedMandate granted, MandateUse use)
    {
        var (mandate, usage) = (granted.Mandate, use.Usage);
        var limits = mandate.Limits ?? new MandateLimits();
        var period = limits.Period is { } limit
            ? new PeriodBudget(limit.Amount, limit.Every, limit.Window ?? MandatePeriod.Sliding, usage.SpentInPeriod, usage.Held,
                Math.Max(0, limit.Amount - usage.SpentInPeriod - usage.Held), use.Period!.From, use.Period.Until)
            : null;
        var remaining = limits.Total is { } total ? Math.Max(0, total - usage.Spent - usage.Held) : (long?)null;
        return new MandateBudget(granted.Id, mandate.Currency, limits.Total, usage.Spent, usage.Held, remaining is null ? period?.Remaining : Math.Min(remaining.Value, period?.Remaining ?? long.MaxValue),
            limits.PerOrder, limits.PerItem, period, new OrderBudget(mandate.MaxOrders, usage.Orders, mandate.MaxOrders is { } most ? Math.Max(0, most - usage.Orders) : null),
            mandate.ApprovalAbove);
    }
}
