namespace CustobotGateway.BotDetection.Scoring;

/// <summary>What a visit of three or more requests shows. Neither how many pages it has nor whether it buys is among it: buyers are who the shop is for.</summary>
internal enum VisitFeature
{
    NoAssets,
    NoReferers,
    StepsAtOnce,
    StepsQuick,
    StepsSteady,
    StepsSlow,
    Regular,
    Irregular,
    LongBreak,
    GoesBack,
    SamePage,
    CountsUp,
    CrawlerFiles,
    LateBeacons,
    CameFromElsewhere,
    FormsAtOnce,
    Count,
}

/// <summary>The features of a visit in words.</summary>
internal static class VisitFeatureTexts
{
    private const double Most = 6;

    public static readonly IReadOnlyList<FeatureText> All = Build();

    private static FeatureText[] Build()
    {
        var all = new FeatureText[(int)VisitFeature.Count];
        void Software(VisitFeature feature, double expected, string code, string text) => all[(int)feature] = new(code, text, expected, 0, Most);
        void Person(VisitFeature feature, double expected, string code, string text) => all[(int)feature] = new(code, text, -expected, -Most, 0);

        Software(VisitFeature.NoAssets, 3, "visit_no_assets", "Pages were loaded without the pictures, styles and data that belong to them.");
        Software(VisitFeature.NoReferers, 2.5, "visit_no_referers", "Page followed page without a referring page.");
        Software(VisitFeature.StepsAtOnce, 3, "visit_steps_at_once", "One page followed another within a second.");
        Software(VisitFeature.StepsQuick, 2, "visit_steps_quick", "One page followed another within one to three seconds.");
        Software(VisitFeature.StepsSteady, 2, "visit_steps_steady", "One page followed another after three to sixteen seconds, as a program waits for its next step.");
        Person(VisitFeature.StepsSlow, 3, "visit_steps_slow", "There were more than twenty seconds between pages, as people read.");
        Software(VisitFeature.Regular, 4, "visit_regular", "The times between pages are nearly the same.");
        Person(VisitFeature.Irregular, 2, "visit_irregular", "The times between pages differ as people's do.");
        Person(VisitFeature.LongBreak, 2, "visit_long_break", "There was a long break.");
        Person(VisitFeature.GoesBack, 1.5, "visit_goes_back", "The visit went back to pages it had seen.");
        Software(VisitFeature.SamePage, 1, "visit_same_page", "The same page was asked for again and again.");
        Software(VisitFeature.CountsUp, 3, "visit_counts_up", "Pages were visited in the order of their numbers.");
        Software(VisitFeature.CrawlerFiles, 3, "visit_crawler_files", "Files were read that are meant for crawlers.");
        Person(VisitFeature.LateBeacons, 2, "visit_late_beacons", "Pages went on telling that somebody looks at them.");
        Person(VisitFeature.CameFromElsewhere, 1.5, "visit_came_from_elsewhere", "The visit came from a page of another site.");
        Software(VisitFeature.FormsAtOnce, 2, "visit_forms_at_once", "Forms were sent within half a second of their page.");
        return all;
    }
}
