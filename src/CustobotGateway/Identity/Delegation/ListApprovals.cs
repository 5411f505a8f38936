using CustobotGateway.Common;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Purchases that wait or waited for the person, page by page.</summary>
public static class ListApprovals
{
    /// <summary>Which approvals.</summary>
    /// <param name="State">Only those that stand so; all when null.</param>
    /// <param name="GrantId">Only those of this grant; all when null.</param>
    /// <param name="After">The next of the page before; the newest when null.</param>
    /// <param name="Size">1 to 100; 24 when null.</param>
    public sealed record Query(ApprovalState? State = null, string? GrantId = null, string? After = null, int? Size = null);

    /// <summary>A page of approvals.</summary>
    /// <param name="Approvals">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<Approval> Approvals, NextPage Page);

    internal static void Map(RouteGroupBuilder approvals) => approvals
        .MapGet("/", HandleAsync).WithName("listApprovals").RequireGrantReader()
        .WithSummary("List approvals")
        .WithDescription("Purchases above a mandate's threshold: of the agent's own grant, or of the person's grants for a client that manages them. The newest first; state is pending, approved, denied, used, void or expired; size is 1 to 100, 24 by default.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken, string? state = null, [FromQuery(Name = "grant_id")] string? grantId = null, string? after = null, int? size = null)
    {
        ApprovalState? wanted = null;
        if (state is not null && (wanted = Enum.GetValues<ApprovalState>().Cast<ApprovalState?>().FirstOrDefault(known => WireName(known!.Value) == state)) is null)
        {
            return CommonProblems.InvalidRequest.With("There is no such state.", [new("?state", "unknown_value", "state is pending, approved, denied, used, void or expired.")]).ToHttp();
        }
        return (await RunAsync(grants, GrantActor.Of(agent), new Query(wanted, grantId, after, size), cancellationToken)).ToHttp();
    }

    /// <summary>Reads the page.</summary>
    public static async Task<Outcome<Response>> RunAsync(GrantContext grants, GrantActor actor, Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(query);
        if (GrantList.FaultOf(query.After, query.Size) is { } fault)
        {
            return fault;
        }
        var (visible, values) = GrantList.VisibleTo(actor);
        var (now, size) = (actor.Caller.NowBy(grants.Clock), query.Size ?? GrantList.DefaultSize);
        values.AddDynamicParams(new
        {
            query.After,
            limit = size + 1,
            now,
            state = query.State is { } state ? WireName(state) : null,
            of = query.GrantId is null ? null : GrantRow.Storable(query.GrantId),
        });
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<ApprovalRow>(new CommandDefinition($"""
            select {ApprovalRow.Columns} from {ApprovalRow.From}
            where {visible} and (@of::text is null or a.grant_id = @of) and (@After::text is null or a.id < @After)
              and (@state::text is null or @state = case when a.state in ('pending', 'approved') and a.expires_at <= @now then 'expired' else a.state end)
            order by a.id desc limit @limit
            """, values, cancellationToken: cancellationToken))).AsList();
        return new Response([.. rows.Take(size).Select(row => row.ToApproval(now))], new NextPage(rows.Count > size ? rows[size - 1].Id : null));
    }

    internal static string WireName(ApprovalState state) => state.ToString().ToLowerInvariant();
}
