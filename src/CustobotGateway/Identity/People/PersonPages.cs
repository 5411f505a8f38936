using System.Globalization;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CustobotGateway.Identity.People;

/// <summary>The pages on which people sign in and out. They are for people: not part of the described API.</summary>
internal static class PersonPages
{
    public const string LoginPath = "/login";
    public const string LogoutPath = "/logout";
    public const string AccountPath = "/account";
    public const string DevicePath = "/device";

    /// <summary>How a person proved who they are, for <c>acr</c> (OpenID Connect Core §2).</summary>
    public const string PasswordContext = "urn:custobot-gateway:acr:password";

    /// <summary>The same with a passkey.</summary>
    public const string PasskeyContext = "urn:custobot-gateway:acr:passkey";

    internal const string TooOld = "The form was too old or came from another site. Please try again.";
    private const string NotRight = "The email or the password is not right.";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(LoginPath, ShowLoginAsync);
        pages.MapPost(LoginPath, LogInAsync).LimitBody(PageForm.MaxBytes);
        pages.MapGet(LogoutPath, ShowLogoutAsync);
        pages.MapPost(LogoutPath, LogOutAsync).LimitBody(PageForm.MaxBytes);
        pages.MapGet(Authorize.Path, (HttpContext context, Authorize authorize, CancellationToken cancellationToken) => authorize.ShowAsync(context, cancellationToken));
        pages.MapPost(Authorize.Path, Authorize.RepeatAsGetAsync).LimitBody(PageForm.MaxBytes);
        pages.MapPost(Authorize.DecisionPath, (HttpContext context, Authorize authorize, CancellationToken cancellationToken) => authorize.DecideAsync(context, cancellationToken))
            .LimitBody(PageForm.MaxBytes);
        pages.MapGet(DevicePath, (HttpContext context, DevicePages device, CancellationToken cancellationToken) => device.ShowAsync(context, cancellationToken));
        pages.MapPost(DevicePath, (HttpContext context, DevicePages device, CancellationToken cancellationToken) => device.DecideAsync(context, cancellationToken))
            .LimitBody(PageForm.MaxBytes);
    }

    /// <summary>The login page, to go on to a local address afterwards.</summary>
    public static RazorComponentResult<LoginPage> Login(
        string? returnUrl, string? forClient = null, string? leadsTo = null, string? email = null, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { ReturnUrl = returnUrl, For = forClient, LeadsTo = leadsTo, Email = email, Error = error }) { StatusCode = status };

    /// <summary>A page that only says something, and perhaps where to go on.</summary>
    public static RazorComponentResult<MessagePage> Message(string title, int status, PageLink? link, params string[] text) =>
        new(new { Title = title, Text = (IReadOnlyList<string>)text, Link = link }) { StatusCode = status };

    /// <summary>Sends a person who is not signed in to the login, and back here afterwards.</summary>
    public static IResult ToLogin(HttpContext context, string returnUrl) =>
        PageForm.SeeOther(context, $"{LoginPath}?return_url={Uri.EscapeDataString(returnUrl)}");

    private static async Task<IResult> ShowLoginAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        return Login(LocalUrl.Check(context.Request.Query["return_url"]));
    }

    private static async Task<IResult> LogInAsync(HttpContext context, PersonSessions sessions, SignIn signIn, CancellationToken cancellationToken)
    {
        await sessions.FindAsync(context, cancellationToken);
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form)
        {
            return Login(null, error: TooOld, status: StatusCodes.Status400BadRequest);
        }
        var email = form.Field("email");
        var (returnUrl, forClient, leadsTo) = Onward(context, form);
        var result = await signIn.RunAsync(context, email, form.Field("password"), cancellationToken);
        if (result.RetryAfter is { } wait)
        {
            return TooMany(context, wait, text => Login(returnUrl, forClient, leadsTo, email, text, StatusCodes.Status429TooManyRequests));
        }
        if (result.Person is not { } person)
        {
            return Login(returnUrl, forClient, leadsTo, email, NotRight, StatusCodes.Status401Unauthorized);
        }
        await sessions.OpenAsync(context, person, cancellationToken);
        return PageForm.SeeOther(context, returnUrl ?? AccountPath);
    }

    /// <summary>Which of the two it was.</summary>
    internal static string ContextOf(bool withPasskey) => withPasskey ? PasskeyContext : PasswordContext;

    /// <summary>Where a form of the login page leads on to: the local address, and the client with where it is answered.</summary>
    internal static (string? ReturnUrl, string? ForClient, string? LeadsTo) Onward(HttpContext context, IFormCollection form)
    {
        var leadsTo = form.Field("leads_to");
        if (leadsTo is not null)
        {
            // Only loosens this page's own policy, for a form that carries this browser's token.
            SecureHeaders.AllowFormTo(context, leadsTo);
        }
        return (LocalUrl.Check(form.Field("return_url")), form.Field("for"), leadsTo);
    }

    /// <summary>The answer to one try too many.</summary>
    public static IResult TooMany(HttpContext context, TimeSpan wait, Func<string, IResult> page)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var minutes = (int)Math.Ceiling(wait.TotalMinutes);
        return page(minutes <= 1 ? "Too many tries. Please wait a minute and try again." : $"Too many tries. Please wait {minutes} minutes and try again.");
    }

    private static async Task<IResult> ShowLogoutAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken) =>
        // A link alone signs nobody out: another site could load it.
        await sessions.FindAsync(context, cancellationToken) is null
            ? PageForm.SeeOther(context, LoginPath)
            : new RazorComponentResult<LogoutPage>();

    private static async Task<IResult> LogOutAsync(HttpContext context, PersonSessions sessions, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken) is null)
        {
            return PageForm.SeeOther(context, LoginPath);
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is null)
        {
            return new RazorComponentResult<LogoutPage> { StatusCode = StatusCodes.Status400BadRequest };
        }
        await sessions.CloseAsync(context, cancellationToken);
        return PageForm.SeeOther(context, LoginPath);
    }
}
