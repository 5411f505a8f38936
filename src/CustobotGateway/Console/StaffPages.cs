using CustobotGateway.Checkout;
using CustobotGateway.Common.Http;
using CustobotGateway.Negotiation;
using CustobotGateway.Telemetry;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Console;

/// <summary>The staff pages' routes. They are for people: not part of the described API, and a session's cookie opens them.</summary>
internal static class StaffPages
{
    private const long MaxFormBytes = 16 * 1024;
    private const int DemandEvents = 20;

    // No script at all, and no other site may frame a page or receive a form.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Map(RouteGroupBuilder staff)
    {
        staff.ExcludeFromDescription().AllowPublic().AddEndpointFilter(SecureAsync);
        staff.MapGet("/console.css", StyleSheet);
        staff.MapGet("/login", () => new RazorComponentResult<LoginPage>());
        staff.MapPost("/login", LogInAsync).LimitBody(MaxFormBytes).AddEndpointFilter(RequireFormTokenAsync);
        staff.MapPost("/logout", LogOut).LimitBody(MaxFormBytes).AddEndpointFilter(RequireFormTokenAsync);
        staff.MapGet("/", ShowAsync).AddEndpointFilter(RequireSessionAsync);
    }

    private static async Task<RazorComponentResult> ShowAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        new RazorComponentResult<StaffPage>(new
        {
            Orders = await ListOrders.RunAsync(database, cancellationToken),
            Negotiations = await ListNegotiations.RunAsync(database, clock, cancellationToken),
            Demand = await ListDemandEvents.LatestAsync(DemandEvents, database, cancellationToken),
        });

    private static async Task<IResult> LogInAsync(HttpContext context, StaffSession session, IEnumerable<IRecognizer> recognizers, CancellationToken cancellationToken)
    {
        var token = (await context.Request.ReadFormAsync(cancellationToken))["token"].ToString().Trim();
        foreach (var recognizer in recognizers)
        {
            if (await recognizer.RecognizeAsync(token, cancellationToken) is { IsAdministrator: true })
            {
                session.Open(context);
                return SeeOther(context, "/staff");
            }
        }
        return LoginAgain("That is not the administrator's token.", StatusCodes.Status401Unauthorized);
    }

    private static StatusCodeHttpResult LogOut(HttpContext context, StaffSession session)
    {
        session.Close(context);
        return SeeOther(context, StaffSession.LoginPath);
    }

    private static async ValueTask<object?> SecureAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var headers = invocation.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return await next(invocation);
    }

    private static async ValueTask<object?> RequireSessionAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        return context.RequestServices.GetRequiredService<StaffSession>().IsOpen(context)
            ? await next(invocation)
            : SeeOther(context, StaffSession.LoginPath);
    }

    private static async ValueTask<object?> RequireFormTokenAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        await invocation.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(invocation.HttpContext)
            ? await next(invocation)
            : LoginAgain("The form was too old or came from another site. Try again.", StatusCodes.Status400BadRequest);

    private static RazorComponentResult<LoginPage> LoginAgain(string error, int status) => new(new { Error = error }) { StatusCode = status };

    // 303, so that the browser gets the page instead of posting the form to it again.
    private static StatusCodeHttpResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static Stream OpenStyleSheet() => typeof(StaffPages).Assembly.GetManifestResourceStream("CustobotGateway.Console.console.css")!;

    private static FileStreamHttpResult StyleSheet(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Stream(OpenStyleSheet(), "text/css; charset=utf-8");
    }
}
