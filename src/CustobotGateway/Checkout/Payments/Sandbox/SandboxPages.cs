using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>The page that stands for the bank's own (3-D Secure): the person agrees to a payment or refuses it. Whoever has the address decides; the payment's id is what nobody guesses.</summary>
internal static class SandboxPages
{
    public const string Path = "/sandbox/payments";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup(Path + "/{id}").AllowPublic().ExcludeFromDescription().AddEndpointFilter<SecureHeaders>();
        page.MapGet("", ShowAsync);
        page.MapPost("", DecideAsync).LimitBody(PageForm.MaxBytes);
    }

    private static async Task<IResult> ShowAsync(string id, IServiceProvider services, CancellationToken cancellationToken) =>
        await FindAsync(id, services, cancellationToken) is { } payment ? Show(payment) : Missing();

    private static async Task<IResult> DecideAsync(string id, HttpContext context, IServiceProvider services, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, services, cancellationToken) is not { } payment)
        {
            return Missing();
        }
        if (await PageForm.ReadAsync(context, cancellationToken) is not { } form || form.Field("decision") is not ("accept" or "refuse") and not null)
        {
            return Show(payment, "The form was too old or came from another site. Please try again.", StatusCodes.Status400BadRequest);
        }
        if (form.Field("decision") is not { } decision)
        {
            return Show(payment, "Choose to accept or to refuse.", StatusCodes.Status422UnprocessableEntity);
        }
        await services.GetRequiredService<SandboxProvider>().Bank.DecideAsync(id, decision == "accept", cancellationToken);
        await WakePayment.RunAsync(database, SandboxHandler.Name, id, null, cancellationToken);
        return PageForm.SeeOther(context, $"{Path}/{id}");
    }

    private static async Task<SandboxPayment?> FindAsync(string id, IServiceProvider services, CancellationToken cancellationToken)
    {
        var (options, settings) = (services.GetRequiredService<SandboxOptions>(), services.GetRequiredService<GatewaySettings>());
        var payment = !options.Enabled || options.Url.Length > 0 || settings.Production || id.Length > 64 || id.Contains('\0', StringComparison.Ordinal)
            ? null
            : await services.GetRequiredService<SandboxProvider>().Bank.ReadAsync(id, cancellationToken);
        return payment?.Behaviour == SandboxBehaviour.AsksPerson ? payment : null;
    }

    private static RazorComponentResult<SandboxPaymentPage> Show(SandboxPayment payment, string? error = null, int status = StatusCodes.Status200OK) =>
        new(new { Payment = (object)payment, Error = error }) { StatusCode = status };

    private static RazorComponentResult<SandboxPaymentPage> Missing() => new(new { Payment = (object?)null, Error = (string?)null }) { StatusCode = StatusCodes.Status404NotFound };
}
