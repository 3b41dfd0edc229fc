import { LTAI«~an:0»ConfigLoader } from './LTAI«~an:0»ConfigLoader';
import { LTAI«~an:0»BatchHandler } from './LTAI«~an:0»BatchHandler';

export class LTAI«~an:0»ModelServiceRegistry extends LTAI«~an:0»PlayerControllerManager {
  loader = new LTAI«~an:0»ConfigLoader();
}
