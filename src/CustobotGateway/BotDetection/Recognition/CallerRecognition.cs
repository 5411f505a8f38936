using CustobotGateway.BotDetection.Agents;
using CustobotGateway.BotDetection.Decisions;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Recognition;

/// <summary>
/// Finds out, once for each request and before its credentials are looked at, what its caller is: by signature, by claim, by score. The decision travels with
/// the request, goes out in headers and, as far as the log takes it, stays for staff.
/// </summary>
internal sealed class CallerRecognition(RequestDelegate next, CallerSight sight, AgentSignatures signatures, Visits visits, DecisionLog log)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = sight.Read(context);
        return AgentSignatures.IsSigned(context.Request.Headers) ? JudgeAsync(context, request) : GoOn(context, request, SignatureVerdict.Unsigned);
    }

    private async Task JudgeAsync(HttpContext context, SeenRequest request) => await GoOn(context, request, await signatures.JudgeAsync(context));

    private Task GoOn(HttpContext context, in SeenRequest request, SignatureVerdict verdict)
    {
        var score = visits.Score(request.VisitKey, request.Caller, request.Referer, verdict.ToEvidence(), out var isFirst);
        var decision = new LiveDecision(score, request.Caller.Headers, verdict);
        context.Features.Set<CallerDecision>(decision);
        CallerHeaders.Write(context);
        log.Announce(context, decision, isFirst);
        var task = next(context);
        if (task.IsCompletedSuccessfully)
        {
            log.Add(context, decision);
            return Task.CompletedTask;
        }
        return FinishAsync(context, decision, task);
    }

    private async Task FinishAsync(HttpContext context, LiveDecision decision, Task task)
    {
        await task;
        log.Add(context, decision);
    }
}
