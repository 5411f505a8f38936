using CustobotGateway.Common;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What was delegated, page by page.</summary>
public static class ListGrants
{
    /// <summary>Which grants.</summary>
    /// <param name="Status">Only those that stand so; all when null.</param>
    /// <param name="Person">Only this person's; for staff. All when null.</param>
    /// <param name="After">The next of the page before; the newest when null.</param>
    /// <param name="Size">1 to 100; 24 when null.</param>
    public sealed record Query(GrantStatus? Status = null, string? Person = null, string? After = null, int? Size = null);

    /// <summary>A page of grants.</summary>
    /// <param name="Grants">The newest first.</param>
    /// <param name="Page">Where the list goes on.</param>
    public sealed record Response(IReadOnlyList<GrantView> Grants, NextPage Page);

    internal static void Map(RouteGroupBuilder grants) => grants
        .MapGet("/", HandleAsync).WithName("listGrants").RequireGrantReader()
        .WithSummary("List grants")
        .WithDescription("An agent sees its own grant, a client that manages grants those of its person that other clients hold, staff all. The newest first; size is 1 to 100, 24 by default; after is the next of the page before; status is active, paused, revoked or expired.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        AgentPrincipal agent, GrantContext grants, CancellationToken cancellationToken, string? status = null, string? person = null, string? after = null, int? size = null)
    {
        GrantStatus? wanted = null;
        if (status is not null && (wanted = Enum.GetValues<GrantStatus>().Cast<GrantStatus?>().FirstOrDefault(known => WireName(known!.Value) == status)) is null)
        {
            return CommonProblems.InvalidRequest.With("status is active, paused, revoked or expired.", [new("?status", "unknown_value", "status is active, paused, revoked or expired.")]).ToHttp();
        }
        return (await RunAsync(grants, GrantActor.Of(agent), new Query(wanted, person, after, size), cancellationToken)).ToHttp();
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
        values.AddDynamicParams(new { query.After, limit = size + 1, now, of = query.Person is null ? null : GrantRow.Storable(query.Person) });
        await using var connection = await grants.Database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<GrantRow>(new CommandDefinition($"""
            select {GrantRow.Columns} from {GrantRow.From}
            where {visible} and {StatusSql(query.Status)} and (@of::text is null or g.person = @of) and (@After::text is null or g.id < @After)
            order by g.id desc limit @limit
            """, values, cancellationToken: cancellationToken))).AsList();
        return new Response([.. rows.Take(size).Select(row => row.ToView(now))], new NextPage(rows.Count > size ? rows[size - 1].Id : null));
    }

    internal static string WireName(GrantStatus status) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static string StatusSql(GrantStatus? status) => status switch
    {
        null => "true",
        GrantStatus.Revoked => "g.revoked_at is not null",
        GrantStatus.Expired => "g.revoked_at is null and g.expires_at <= @now",
        GrantStatus.Paused => "g.revoked_at is null and (g.expires_at is null or g.expires_at > @now) and g.paused_at is not null",
        _ => "g.revoked_at is null and (g.expires_at is null or g.expires_at > @now) and g.paused_at is null",
    };
}
