using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Observability;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CustobotGateway.Checkout.Payments.Sandbox.Process;

/// <summary>The sandbox as a process of its own, as a provider is: reached over HTTP, with a store that no gateway sees, and with faults on demand.</summary>
internal static class SandboxServer
{
    private const int MostEntries = 10_000;
    private static readonly TimeSpan Hangs = TimeSpan.FromMinutes(2);

    /// <summary>Builds it; it has not started.</summary>
    /// <param name="urls">Where it listens.</param>
    /// <param name="directory">Where its journal is.</param>
    /// <param name="options">How slow, and how much later.</param>
    public static WebApplication Build(IReadOnlyList<string> urls, string directory, SandboxOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. urls]).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddGatewayLogging();
        builder.Services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(options).AddSingleton<SandboxFaults>();
        builder.Services.AddSingleton(services => new SandboxJournal(directory, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new SandboxBank(services.GetRequiredService<SandboxJournal>(), services.GetRequiredService<TimeProvider>(),
            TimeSpan.FromMilliseconds(options.LaterMilliseconds), id => new Uri($"{AddressOf(services)}/payments/{id}/decision")));
        var app = builder.Build();
        app.MapPost("/authorisations", AuthoriseAsync);
        app.MapPost("/captures", (SandboxWire.Capture asked, SandboxBank bank, HttpContext context) =>
            DoAsync(context, SandboxStep.Capture, asked.PaymentId, cancellationToken => bank.CaptureAsync(asked.PaymentId, asked.Amount, cancellationToken)));
        app.MapPost("/voids", (SandboxWire.Void asked, SandboxBank bank, HttpContext context) =>
            DoAsync(context, SandboxStep.Void, asked.PaymentId, cancellationToken => bank.VoidAsync(asked.PaymentId, cancellationToken)));
        app.MapPost("/refunds", (SandboxWire.Refund asked, SandboxBank bank, HttpContext context) =>
            DoAsync(context, SandboxStep.Refund, asked.PaymentId, cancellationToken => bank.RefundAsync(asked.PaymentId, asked.RefundId, asked.Amount, cancellationToken)));
        app.MapGet("/payments/{id}", (string id, SandboxBank bank, HttpContext context) =>
            DoAsync(context, SandboxStep.Find, id, cancellationToken => bank.FindAsync(id, cancellationToken)));
        app.MapGet("/journal", (SandboxJournal journal, long after = 0, int limit = 1_000) => TypedResults.Ok(journal.Read(after, Math.Clamp(limit, 1, MostEntries))));
        app.MapPost("/faults", (SandboxWire.FaultOrder fault, SandboxFaults faults) => faults.Add(fault) ? Results.NoContent() : Results.StatusCode(StatusCodes.Status429TooManyRequests));
        app.MapDelete("/faults", (SandboxFaults faults) => faults.Clear());
        app.MapPost("/tokens", TokeniseAsync);
        app.MapGet("/payments/{id}/decision", ShowDecisionAsync);
        app.MapPost("/payments/{id}/decision", DecideAsync).DisableAntiforgery();
        return app;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public static string AddressOf(IServiceProvider services) => services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static async Task<IResult> AuthoriseAsync(SandboxWire.Authorisation asked, SandboxBank bank, SandboxOptions options, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var behaviour = SandboxMeans.Tokens.GetValueOrDefault(asked.Token)?.Behaviour;
        var order = new SandboxOrder(asked.PaymentId, asked.SessionId, asked.Amount, asked.Currency, asked.Token);
        if (behaviour == SandboxBehaviour.Slow)
        {
            await Task.Delay(options.SlowMilliseconds, cancellationToken);
        }
        if (behaviour is SandboxBehaviour.AnswerLost or SandboxBehaviour.Unseen && await bank.ReadAsync(asked.PaymentId, cancellationToken) is null)
        {
            if (behaviour == SandboxBehaviour.AnswerLost)
            {
                await bank.AuthoriseAsync(order, CancellationToken.None);
            }
            return await HangAsync(context);
        }
        if (behaviour == SandboxBehaviour.Duplicate)
        {
            await bank.AuthoriseAsync(order, CancellationToken.None);
        }
        return await DoAsync(context, SandboxStep.Authorise, asked.PaymentId, token => bank.AuthoriseAsync(order, token), asked.SessionId, asked.Token);
    }

    /// <summary>Does what is asked, or what shall go wrong with it. What was begun is done, also when the caller hangs up.</summary>
    private static async Task<IResult> DoAsync(
        HttpContext context, SandboxStep step, string paymentId, Func<CancellationToken, ValueTask<ProviderAnswer>> work, string? sessionId = null, string? token = null)
    {
        var services = context.RequestServices;
        sessionId ??= (await services.GetRequiredService<SandboxBank>().ReadAsync(paymentId, CancellationToken.None))?.SessionId;
        var fault = services.GetRequiredService<SandboxFaults>().Take(step, paymentId, sessionId, token);
        if (fault?.Fault is SandboxFault.DropBefore or SandboxFault.Error)
        {
            return fault.Fault == SandboxFault.Error ? TypedResults.StatusCode(StatusCodes.Status500InternalServerError) : Drop(context);
        }
        var answer = await work(CancellationToken.None);
        switch (fault?.Fault)
        {
            case SandboxFault.DropAfter:
                return Drop(context);
            case SandboxFault.ErrorAfter:
                return TypedResults.StatusCode(StatusCodes.Status500InternalServerError);
            case SandboxFault.Late:
                await Task.Delay(fault.DelayMilliseconds, context.RequestAborted);
                break;
        }
        return TypedResults.Ok(answer);
    }

    private static async Task<IResult> TokeniseAsync(CreateSandboxToken.Request card, SandboxBank bank, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Validation.Check(new CreateSandboxToken.Validator(), card) is { } fault)
        {
            return fault.ToHttp();
        }
        var outcome = await CreateSandboxToken.RunAsync(card, bank, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created((string?)null, outcome.Value) : outcome.Problem!.ToHttp();
    }

    // No cookie and no session stands behind this page: whoever knows its address decides, so another site has nothing to ride on.
    private static async Task<IResult> ShowDecisionAsync(string id, SandboxBank bank, CancellationToken cancellationToken) =>
        await bank.ReadAsync(id, cancellationToken) is not { Behaviour: SandboxBehaviour.AsksPerson } payment ? TypedResults.NotFound()
        : TypedResults.Text(payment.State == SandboxState.RequiresAction
            ? """<!DOCTYPE html><html lang="en"><title>Confirm a test payment</title><h1>Confirm a test payment</h1><form method="post"><button name="decision" value="accept">Accept</button> <button name="decision" value="refuse">Refuse</button></form></html>"""
            : """<!DOCTYPE html><html lang="en"><title>Decided</title><p>This payment is decided.</p></html>""", "text/html; charset=utf-8");

    private static async Task<IResult> DecideAsync(string id, HttpContext context, SandboxBank bank, CancellationToken cancellationToken)
    {
        var decision = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(cancellationToken))["decision"].ToString() : "";
        if (decision is not ("accept" or "refuse"))
        {
            return TypedResults.StatusCode(StatusCodes.Status422UnprocessableEntity);
        }
        return await bank.DecideAsync(id, decision == "accept", cancellationToken) is null ? TypedResults.NotFound() : TypedResults.Redirect($"/payments/{id}/decision");
    }

    private static async Task<IResult> HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Hangs, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller gave up waiting, as it is meant to.
        }
        return Drop(context);
    }

    private static IResult Drop(HttpContext context)
    {
        context.Abort();
        return Results.Empty;
    }
}
