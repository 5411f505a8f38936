using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using CustobotGateway.Webhooks;
using CustobotGateway.Webhooks.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Console;

/// <summary>The page on which staff see what is told to whom, and send again what did not arrive.</summary>
internal static class WebhookPages
{
    private const string Path = "/webhooks";

    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet(Path, ShowAsync).RequireStaff(StaffRole.Viewer, StaffRole.Reviewer, StaffRole.Approver, StaffRole.PolicyEditor);
        staff.MapPost(Path, RedeliverAsync).RequireStaff(StaffRole.Approver, StaffRole.PolicyEditor).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<RazorComponentResult> ShowAsync(HttpContext context, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        new RazorComponentResult<WebhooksPage>(new { Overview = await WebhookOverview.RunAsync(context.Request.Query["after"], database, clock, cancellationToken) });

    private static async Task<IResult> RedeliverAsync(
        HttpContext context, PersonSessions people, Writes writes, DeliverySignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("endpoint") is not { Length: > 0 and <= 100 } endpoint || form.Field("delivery") is not { Length: > 0 and <= 100 } delivery)
        {
            return Refused("The form was too old or came from another site. Go back and try again.", StatusCodes.Status400BadRequest);
        }
        var agent = await people.FindAsync(context, cancellationToken) is { IsStaff: true } person ? AgentPrincipal.Administrator with { ClientId = "console", Subject = person.PersonId } : AgentPrincipal.Administrator;
        var outcome = await RedeliverMessages.RunOneAsync(endpoint, delivery, null, agent, writes, signal, clock, cancellationToken);
        return outcome.Succeeded ? PageForm.SeeOther(context, "/staff" + Path) : Refused(outcome.Problem!.Detail, outcome.Problem.Type.Status);
    }

    private static RazorComponentResult<MissingPage> Refused(string text, int status) => new(new { Text = text }) { StatusCode = status };
}
