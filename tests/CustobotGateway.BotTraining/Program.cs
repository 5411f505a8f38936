using CustobotGateway.BotTraining;

return args switch
{
    ["train", .. var rest] => Commands.Train(rest),
    ["report", .. var rest] => Commands.Report(rest),
    _ => Commands.Help(),
};
