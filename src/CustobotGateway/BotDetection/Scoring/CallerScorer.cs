using System.Numerics;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Scoring;

/// <summary>
/// The chance that software drives a caller: two additive logistic parts, one on a request's headers and one on the visit from three requests on.
/// Nothing here reads a clock, a file or a socket; the same request has the same score.
/// </summary>
public static class CallerScorer
{
    private static readonly ScoringModel Model = new(ScoringWeights.Embedded);

    /// <summary>The least score that makes an undeclared caller <see cref="CallerClass.Automation"/>.</summary>
    public static int Threshold => ScoringWeights.Embedded.Threshold;

    /// <summary>The hash of the rows and features that the weights were learnt from.</summary>
    public static string TrainedOn => ScoringWeights.Embedded.TrainedOn;

    /// <summary>The share of software among those rows.</summary>
    public static double Prior => ScoringWeights.Embedded.Prior;

    /// <summary>Scores a caller.</summary>
    /// <param name="request">The request.</param>
    /// <param name="visit">The visit so far, this request included; null where it is not known. Below <see cref="VisitFeatures.FewestRequests"/> it says nothing.</param>
    /// <param name="signature">What became of the request's signatures.</param>
    public static CallerScore Score(in CallerRequest request, VisitFeatures? visit = null, SignatureEvidence signature = default) =>
        Model.Score(HeaderReading.OfRepeated(request, signature), visit);
}

/// <summary>Weights made ready for sums.</summary>
internal sealed class ScoringModel(ScoringWeights weights)
{
    private readonly double[] _headers = weights.Headers.InOrder(HeaderFeatureTexts.All, weights.Calibration.Scale);
    private readonly double[] _visit = weights.Visit.InOrder(VisitFeatureTexts.All, weights.Calibration.Scale);
    private readonly double _base = (weights.Headers.Bias * weights.Calibration.Scale) + weights.Calibration.Shift;
    private readonly double _baseOfVisits = (weights.Visit.Bias * weights.Calibration.Scale);

    public CallerScore Score(HeaderReading reading, VisitFeatures? visit)
    {
        var sum = _base;
        for (var left = reading.Features; left != 0; left &= left - 1)
        {
            sum += _headers[BitOperations.TrailingZeroCount(left)];
        }
        if (visit is not { Requests: >= VisitFeatures.FewestRequests })
        {
            return new(this, reading, sum, null);
        }
        var values = new double[(int)VisitFeature.Count];
        visit.Write(values);
        sum += _baseOfVisits;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= _visit[i];
            sum += values[i];
        }
        return new(this, reading, sum, values);
    }

    /// <summary>Every part of the sum that is not nothing, in the order of the features; what a caller starts from is the first.</summary>
    public IEnumerable<(string Code, string Text, double Weight)> Parts(ulong features, double[]? visit)
    {
        yield return ("start", "Where every caller starts, before anything of it is looked at.", _base + (visit is null ? 0 : _baseOfVisits));
        for (var left = features; left != 0; left &= left - 1)
        {
            var i = BitOperations.TrailingZeroCount(left);
            yield return (HeaderFeatureTexts.All[i].Code, HeaderFeatureTexts.All[i].Text, _headers[i]);
        }
        for (var i = 0; visit is not null && i < visit.Length; i++)
        {
            yield return (VisitFeatureTexts.All[i].Code, VisitFeatureTexts.All[i].Text, visit[i]);
        }
    }
}
