using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using CustobotGateway.Identity.People;
using CustobotGateway.Negotiation;
using CustobotGateway.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Console;

/// <summary>The staff pages' routes. They are for people: not part of the described API, and a session's cookie opens them.</summary>
internal static class StaffPages
{
    private const int DemandEvents = 20;
    private const string OutboxPath = "/outbox";

    private const int LettersShown = 50;

    public static void Map(RouteGroupBuilder staff)
    {
        staff.ExcludeFromDescription().AllowPublic().AddEndpointFilter<SecureHeaders>();
        staff.MapGet("/login", ShowLoginAsync);
        staff.MapPost("/login", LogInAsync).LimitBody(PageForm.MaxBytes);
        staff.MapPost("/logout", LogOutAsync).LimitBody(PageForm.MaxBytes);
        staff.MapGet("/", ShowAsync).RequireStaff(StaffRole.Viewer, StaffRole.Reviewer, StaffRole.Approver, StaffRole.PolicyEditor, StaffRole.GrantOperator, StaffRole.OrderOperator);
        // Letters open the accounts of people, so only an administrator sees them, and in production nobody does: there a mail server sends them.
        if (!((IEndpointRouteBuilder)staff).ServiceProvider.GetRequiredService<GatewaySettings>().Production)
        {
            staff.MapGet(OutboxPath, ShowOutbox).RequireStaff();
        }
    }

    /// <summary>Sends whoever looks for the outbox where the staff's session is good.</summary>
    public static void MapOutbox(IEndpointRouteBuilder routes) =>
        routes.MapGet(OutboxPath, (HttpContext context) => PageForm.SeeOther(context, "/staff" + OutboxPath)).ExcludeFromDescription().AllowPublic().AddEndpointFilter<SecureHeaders>();

    private static RazorComponentResult<OutboxPage> ShowOutbox(Outbox outbox) => new(new { Letters = outbox.Latest(LettersShown), Folder = outbox.Directory });

    private static async Task<RazorComponentResult> ShowAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        new RazorComponentResult<StaffPage>(new
        {
            Orders = await ListOrders.LatestAsync(database, cancellationToken),
            Negotiations = await ListNegotiations.RunAsync(database, clock, cancellationToken),
            Demand = await ListDemandEvents.LatestAsync(DemandEvents, database, cancellationToken),
        });

    private static async Task<IResult> ShowLoginAsync(HttpContext context, PersonSessions people, GatewaySettings settings, CancellationToken cancellationToken)
    {
        await people.FindAsync(context, cancellationToken);
        return Login(settings);
    }

    private static async Task<IResult> LogInAsync(
        HttpContext context, StaffSession session, PersonSessions people, SignIn signIn, IEnumerable<IRecognizer> recognizers, GatewaySettings settings,
        CancellationToken cancellationToken)
    {
        await people.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Login(settings, "The form was too old or came from another site. Try again.", StatusCodes.Status400BadRequest);
        }
        return form.ContainsKey("token")
            ? await LogInByTokenAsync(context, form["token"].ToString().Trim(), session, recognizers, settings, cancellationToken)
            : await LogInByPasswordAsync(context, form, people, signIn, settings, cancellationToken);
    }

    private static async Task<IResult> LogInByTokenAsync(
        HttpContext context, string token, StaffSession session, IEnumerable<IRecognizer> recognizers, GatewaySettings settings, CancellationToken cancellationToken)
    {
        if (settings.Production)
        {
            return Login(settings, "The administrator's token is refused in production. Sign in with your account.", StatusCodes.Status401Unauthorized);
        }
        foreach (var recognizer in recognizers)
        {
            if (await recognizer.RecognizeAsync(token, cancellationToken) is { IsAdministrator: true })
            {
                session.Open(context);
                return PageForm.SeeOther(context, "/staff");
            }
        }
        return Login(settings, "That is not the administrator's token.", StatusCodes.Status401Unauthorized);
    }

    private static async Task<IResult> LogInByPasswordAsync(
        HttpContext context, IFormCollection form, PersonSessions people, SignIn signIn, GatewaySettings settings, CancellationToken cancellationToken)
    {
        var result = await signIn.RunAsync(context, form.Field("email"), form.Field("password"), cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return PersonPages.TooMany(context, wait, text => Login(settings, text, StatusCodes.Status429TooManyRequests));
        }
        // A principal's right password opens nothing here, and is told apart from a wrong one by nothing.
        if (result.Person is not { IsStaff: true } person)
        {
            return Login(settings, "The email or the password is not right, or the account is not one of the staff.", StatusCodes.Status401Unauthorized);
        }
        await people.OpenAsync(context, person, cancellationToken);
        return PageForm.SeeOther(context, "/staff");
    }

    private static async Task<IResult> LogOutAsync(
        HttpContext context, StaffSession session, PersonSessions people, GatewaySettings settings, CancellationToken cancellationToken)
    {
        await people.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is null)
        {
            return Login(settings, "The form was too old or came from another site. Try again.", StatusCodes.Status400BadRequest);
        }
        session.Close(context);
        await people.CloseAsync(context, cancellationToken);
        return PageForm.SeeOther(context, StaffSession.LoginPath);
    }

    private static RazorComponentResult<LoginPage> Login(GatewaySettings settings, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Error = error, OffersToken = !settings.Production }) { StatusCode = status };
}
