using CustobotGateway.Checkout.Cases;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Console;

/// <summary>The pages on which staff answer cases. What agents wrote is shown as they wrote it, escaped.</summary>
internal static class CasePages
{
    private const int PageSize = 50;
    private const string Path = "/staff/cases";

    private static readonly StaffRole[] Readers = [StaffRole.Viewer, StaffRole.Reviewer, StaffRole.Approver, StaffRole.OrderOperator];
    private static readonly StaffRole[] Answerers = [StaffRole.Reviewer, StaffRole.Approver, StaffRole.OrderOperator];

    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/cases", ShowCasesAsync).RequireStaff(Readers);
        staff.MapGet("/cases/{id}", ShowCaseAsync).RequireStaff(Readers);
        staff.MapPost("/cases/{id}", AnswerAsync).RequireStaff(Answerers).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<RazorComponentResult> ShowCasesAsync(HttpContext context, OrderContext orders, CancellationToken cancellationToken)
    {
        string? state = context.Request.Query["state"];
        CaseState? wanted = state == "all" ? null : Wire.Find<CaseState>(state) ?? CaseState.Escalated;
        var found = await ListCases.RunAsync(new(wanted, After: context.Request.Query["after"], Size: PageSize), AgentPrincipal.Administrator, orders, cancellationToken);
        return new RazorComponentResult<CasesPage>(new
        {
            Cases = found.Succeeded ? found.Value.Cases : [],
            State = wanted is { } known ? Wire.Of(known) : "all",
            Next = found.Succeeded ? found.Value.Page.Next : null,
            Error = found.Problem?.Detail,
        });
    }

    private static Task<RazorComponentResult> ShowCaseAsync(string id, OrderContext orders, CancellationToken cancellationToken) => ShowAsync(id, null, orders, cancellationToken);

    private static async Task<RazorComponentResult> ShowAsync(string id, string? error, OrderContext orders, CancellationToken cancellationToken)
    {
        var found = await GetCase.RunAsync(id, AgentPrincipal.Administrator, orders, cancellationToken);
        return found.Succeeded
            ? new RazorComponentResult<CasePage>(new { Case = found.Value, Error = error }) { StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict }
            : new RazorComponentResult<MissingPage>(new { Text = found.Problem!.Detail }) { StatusCode = StatusCodes.Status404NotFound };
    }

    private static async Task<IResult> AnswerAsync(string id, HttpContext context, PersonSessions people, OrderContext orders, CancellationToken cancellationToken)
    {
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return await ShowAsync(id, "The form was too old or came from another site. Try again.", orders, cancellationToken);
        }
        var (agent, text) = (await CallerPages.AgentOfAsync(context, people, cancellationToken), form.Field("text"));
        if (text is { Length: > Case.MaxText })
        {
            return await ShowAsync(id, $"An answer has at most {Case.MaxText} characters.", orders, cancellationToken);
        }
        var problem = form.Field("act") switch
        {
            "answer" when text is not null => (await AddCaseMessage.RunAsync(id, new(text), null, agent, orders, cancellationToken)).Problem,
            "answer" => CommonProblems.InvalidRequest.With("Write an answer first."),
            "close" when Wire.Find<ResolutionCode>(form.Field("code")) is { } code and not ResolutionCode.ProposalTaken =>
                (await ResolveCase.RunAsync(id, new(code, Text: text), null, agent, orders, cancellationToken)).Problem,
            _ => CommonProblems.InvalidRequest.With("Choose one of the buttons, and how the case ended."),
        };
        return problem is null ? PageForm.SeeOther(context, $"{Path}/{Uri.EscapeDataString(id)}") : await ShowAsync(id, problem.Detail, orders, cancellationToken);
    }
}
