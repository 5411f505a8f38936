using System.Globalization;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Console;

/// <summary>The pages on which staff see who calls, try rules and answer appeals. They lie where the staff's session is good; /console leads there.</summary>
internal static class CallerPages
{
    private const int PageSize = 50;
    private const int PreviewDays = 7;
    private const int OperatorsShown = 100;

    private static readonly StaffRole[] Readers = [StaffRole.Viewer, StaffRole.Reviewer, StaffRole.Approver, StaffRole.PolicyEditor];

    public static void Map(RouteGroupBuilder staff, IEndpointRouteBuilder routes)
    {
        staff.MapGet("/callers", ShowCallersAsync).RequireStaff(Readers);
        staff.MapGet("/callers/{traceId}", ShowCallerAsync).RequireStaff(Readers);
        staff.MapGet("/rules", ShowRulesAsync).RequireStaff(Readers);
        staff.MapGet("/rules/{id}", ShowRuleAsync).RequireStaff(Readers);
        staff.MapPost("/rules/{id}", ChangeRuleAsync).RequireStaff(StaffRole.PolicyEditor).LimitBody(PageForm.MaxBytes);
        staff.MapGet("/trust", ShowTrustAsync).RequireStaff(Readers);
        staff.MapPost("/trust", DecideAppealAsync).RequireStaff(StaffRole.Approver, StaffRole.PolicyEditor).LimitBody(PageForm.MaxBytes);
        foreach (var page in new[] { "callers", "rules", "trust" })
        {
            routes.MapGet("/console/" + page, (HttpContext context) => PageForm.SeeOther(context, $"/staff/{page}{context.Request.QueryString}"))
                .ExcludeFromDescription().AllowPublic().AddEndpointFilter<SecureHeaders>();
        }
    }

    private static async Task<RazorComponentResult> ShowCallersAsync(
        HttpContext context, NpgsqlDataSource database, DecisionLog log, CancellationToken cancellationToken)
    {
        var asked = CallerQuery.Read(context.Request.Query);
        await log.WhenWrittenAsync(TimeSpan.FromSeconds(1));
        var found = await ListDecisions.RunAsync(asked.ToQuery(PageSize), database, cancellationToken);
        return new RazorComponentResult<CallersPage>(new
        {
            Query = asked,
            Decisions = found.Succeeded ? found.Value.Decisions : [],
            Next = found.Succeeded && found.Value.Page.Next is { } next ? asked.After(next) : null,
            Error = found.Problem?.Detail,
        });
    }

    private static async Task<RazorComponentResult> ShowCallerAsync(string traceId, NpgsqlDataSource database, DecisionLog log, CancellationToken cancellationToken)
    {
        var found = await GetDecision.RunAsync(traceId, database, log, cancellationToken);
        return found.Succeeded ? new RazorComponentResult<CallerPage>(new { Decision = found.Value }) : NotFound(found.Problem!.Detail);
    }

    private static async Task<RazorComponentResult> ShowRulesAsync(NpgsqlDataSource database, LanesInForce lanes, CancellationToken cancellationToken) =>
        new RazorComponentResult<RulesPage>(new { Rules = await ListRules.RunAsync(database, cancellationToken), Policy = lanes.Current.Policy });

    private static Task<RazorComponentResult> ShowRuleAsync(
        string id, NpgsqlDataSource database, LanesInForce lanes, TrustScores trust, TimeProvider clock, CancellationToken cancellationToken) =>
        ShowRuleWithAsync(id, null, database, lanes, trust, clock, cancellationToken);

    private static async Task<RazorComponentResult> ShowRuleWithAsync(
        string id, string? error, NpgsqlDataSource database, LanesInForce lanes, TrustScores trust, TimeProvider clock, CancellationToken cancellationToken)
    {
        var preview = await PreviewRule.RunAsync(id, PreviewDays, database, lanes, trust, clock, cancellationToken);
        return preview.Succeeded
            ? new RazorComponentResult<RulePage>(new { Preview = preview.Value, Error = error }) { StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict }
            : NotFound(preview.Problem!.Detail);
    }

    private static async Task<IResult> ChangeRuleAsync(
        string id, HttpContext context, PersonSessions people, Writes writes, NpgsqlDataSource database, LanesInForce lanes, TrustScores trust, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || !Enum.TryParse<RuleMode>(form.Field("mode"), ignoreCase: true, out var mode)
            || !long.TryParse(form.Field("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return await ShowRuleWithAsync(id, "The form was too old or came from another site. Try again.", database, lanes, trust, clock, cancellationToken);
        }
        // What is enabled is what the page previewed.
        var changed = await ChangeRule.RunAsync(id, new ChangeRule.Request(mode), new ETags([version], true, false), null, await AgentOfAsync(context, people, cancellationToken), writes, lanes, clock, cancellationToken);
        return changed.Succeeded ? PageForm.SeeOther(context, "/staff/rules/" + Uri.EscapeDataString(id)) : await ShowRuleWithAsync(id, changed.Problem!.Detail, database, lanes, trust, clock, cancellationToken);
    }

    private static async Task<RazorComponentResult> ShowTrustAsync(HttpContext context, NpgsqlDataSource database, TrustOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string? name = context.Request.Query["operator"];
        var listed = await GetTrust.ListAsync(context.Request.Query["after"], OperatorsShown, database, options, clock, cancellationToken);
        return new RazorComponentResult<TrustPage>(new
        {
            Operators = listed.Value.Operators,
            Next = listed.Value.Page.Next,
            Shown = string.IsNullOrEmpty(name) ? null : await GetTrust.RunAsync(name.Replace("\0", "", StringComparison.Ordinal), database, options, clock, cancellationToken),
        });
    }

    private static async Task<IResult> DecideAppealAsync(
        HttpContext context, PersonSessions people, Writes writes, TrustFollower follower, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("operator") is not { } name || form.Field("appeal") is not { } id
            || form.Field("note") is not { Length: <= 4_000 } note || form.Field("decision") is not ("granted" or "refused"))
        {
            return new RazorComponentResult<MissingPage>(new { Text = "The form was too old, came from another site, or lacked the words that the operator is told. Go back and try again." }) { StatusCode = StatusCodes.Status400BadRequest };
        }
        var agent = await AgentOfAsync(context, people, cancellationToken);
        var decision = form.Field("decision") == "granted" ? AppealStatus.Granted : AppealStatus.Refused;
        var decided = await Appeals.DecideAsync(name, id, new(decision, note), null, LanesModule.ActorOf(agent), agent, writes, follower, clock, cancellationToken);
        return decided.Succeeded ? PageForm.SeeOther(context, "/staff/trust?operator=" + Uri.EscapeDataString(name))
            : new RazorComponentResult<MissingPage>(new { Text = decided.Problem!.Detail }) { StatusCode = StatusCodes.Status409Conflict };
    }

    // The person where there is one, who was let in by role; else whoever showed the administrator's token.
    internal static async Task<AgentPrincipal> AgentOfAsync(HttpContext context, PersonSessions people, CancellationToken cancellationToken) =>
        await people.FindAsync(context, cancellationToken) is { IsStaff: true } person ? AgentPrincipal.Administrator with { ClientId = "console", Subject = person.PersonId } : AgentPrincipal.Administrator;

    private static RazorComponentResult<MissingPage> NotFound(string text) => new(new { Text = text }) { StatusCode = StatusCodes.Status404NotFound };
}

/// <summary>What staff look for among callers, as it stands in the page's address.</summary>
internal sealed record CallerQuery(string? Class, string? Lane, string? Operator, string? Refused, string? ScoreGte, string? ScoreLte, string? Text, string? From)
{
    public static CallerQuery Read(IQueryCollection query) => new(
        Of(query, "class"), Of(query, "lane"), Of(query, "operator"), Of(query, "refused"), Of(query, "score_gte"), Of(query, "score_lte"), Of(query, "q"), Of(query, "after"));

    public ListDecisions.Query ToQuery(int size) => new()
    {
        Class = Enum.GetValues<CallerClass>().Cast<CallerClass?>().FirstOrDefault(known => known!.Value.ToWire() == Class),
        Lane = Lane,
        Operator = Operator,
        Refused = Refused switch { "yes" => true, "no" => false, _ => null },
        ScoreGte = Number(ScoreGte),
        ScoreLte = Number(ScoreLte),
        Text = Text,
        After = From,
        Size = size,
    };

    /// <summary>The address of the next page.</summary>
    public string After(string next) => "/staff/callers" + QueryString.Create(
        new (string Name, string? Value)[] { ("class", Class), ("lane", Lane), ("operator", Operator), ("refused", Refused), ("score_gte", ScoreGte), ("score_lte", ScoreLte), ("q", Text), ("after", next) }
            .Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Name, one.Value)));

    private static string? Of(IQueryCollection query, string name) => query[name] is [{ Length: > 0 and <= 200 } one] ? one : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
